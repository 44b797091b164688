import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { openClient, type ServerFlags } from '../../client/open-client.js'
import type { CommandContext } from '../command-context.js'
import { addClientCommand } from './client-command.js'

interface McpFlags extends ServerFlags {
  readonly sender: string
}

/** Adds `gitmsg mcp`. */
export function addMcpCommand(program: Command, context: CommandContext): void {
  addClientCommand(program, 'mcp')
    .description('serve the Model Context Protocol on standard input and output: an AI agent reads and posts')
    .requiredOption('--sender <name>', 'the sender that the agent posts as')
    .action((flags: McpFlags) => runMcp(context, flags))
}

async function runMcp({ process, environment }: CommandContext, flags: McpFlags): Promise<void> {
  const opened = openClient(flags, environment)
  // Other commands must not wait for the SDK to load.
  const { serveMcp } = await import('../../mcp/serve-mcp.js')
  serveMcp({ ...opened, sender: flags.sender, createKey: randomUUID }, ({ message }) =>
    process.stderr.write(`gitmsg: ${message}\n`),
  )
}
