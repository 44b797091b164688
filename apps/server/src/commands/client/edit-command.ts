import { randomUUID } from 'node:crypto'
import type { MessageDetails } from '@gitmsg/client'
import type { Command } from 'commander'
import { repeatWrite } from '../../client/repeat-write.js'
import type { CommandContext } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'
import { readText, TEXT_HELP } from './text-input.js'

/** Adds `gitmsg edit`. */
export function addEditCommand(program: Command, context: CommandContext): void {
  addPrintingCommand(program, 'edit')
    .description('replace the text of a message on a server')
    .argument('<message>', 'the id or uid of the message')
    .argument('[text]', TEXT_HELP)
    .action((key: string, text: string | undefined, flags: ClientFlags) =>
      runEdit(context, { key, text }, flags),
    )
}

/** What to edit, and the new text if it was given. */
interface Edit {
  readonly key: string
  readonly text: string | undefined
}

async function runEdit(context: CommandContext, { key, text }: Edit, flags: ClientFlags): Promise<void> {
  await withClient(context, flags, async (client) => {
    const content = await readText(text, context.process.stdin)
    const idempotencyKey = randomUUID()
    const edited = await repeatWrite(() => client.edit(key, { content }, { idempotencyKey }))
    await createPrinter(context, flags, describeEdited)(edited)
  })
}

const describeEdited = ({ id, version = 1 }: MessageDetails): string =>
  `message ${Number(id)} has version ${Number(version)}\n`
