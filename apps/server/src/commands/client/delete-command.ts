import type { Command } from 'commander'
import { repeatWrite } from '../../client/repeat-write.js'
import type { CommandContext } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'

/** Adds `gitmsg delete`. */
export function addDeleteCommand(program: Command, context: CommandContext): void {
  addPrintingCommand(program, 'delete')
    .description('delete a message on a server; versions that were committed stay in the history of Git')
    .argument('<message>', 'the id or uid of the message')
    .action((key: string, flags: ClientFlags) => runDelete(context, key, flags))
}

async function runDelete(context: CommandContext, key: string, flags: ClientFlags): Promise<void> {
  await withClient(context, flags, async (client) => {
    await repeatWrite(() => client.remove(key))
    await createPrinter(context, flags, describeDeleted)({ deleted: key })
  })
}

const describeDeleted = ({ deleted }: { readonly deleted: string }): string => `message ${deleted} deleted\n`
