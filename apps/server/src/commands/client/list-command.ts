import type { ListQuery } from '@gitmsg/client'
import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'
import { describeMessage } from './describe-message.js'

/** The most messages in one page of the API. */
export const MAX_PAGE = 1000

interface ListFlags extends ClientFlags, Omit<ListQuery, 'limit' | 'reply_to' | 'format'> {
  readonly limit: number
  readonly replyTo?: string
  readonly reactions?: true
}

/** Adds `gitmsg list`, with every filter of GET /messages. */
export function addListCommand(program: Command, context: CommandContext): void {
  addFilters(addPrintingCommand(program, 'list'))
    .description('list the messages of a server, newest first')
    .option('--reply-to <uid>', 'only direct replies to this message')
    .option('--after <id>', 'only ids above this one, the nearest to it; 0: from the beginning', atLeast(0))
    .option('--synchronized', 'only messages in the repository')
    .option('--no-synchronized', 'only messages not yet in it')
    .option('--deleted', 'only deleted messages')
    .option('--reactions', 'only reactions, which are in no other list')
    .action((flags: ListFlags) => runList(context, flags))
}

/** Adds the filters that lists and searches have in common. */
export function addFilters(command: Command): Command {
  return command
    .option('--limit <number>', 'at most this many', atLeast(1), 50)
    .option('--sender <name>', 'only messages of this sender')
    .option('--topic <topic>', 'only messages with this topic')
    .option('--thread <uid>', 'only the thread that begins with this message')
    .option('--since <time>', 'only messages with this timestamp or a later one, RFC 3339')
    .option('--until <time>', 'only messages with an earlier timestamp')
    .option('--before <id>', 'only ids below this one', atLeast(1))
}

/** The options that are named like the parameters of the API. */
const FILTERS = [
  'sender',
  'topic',
  'thread',
  'since',
  'until',
  'before',
  'after',
  'synchronized',
  'deleted',
] as const

async function runList(context: CommandContext, flags: ListFlags): Promise<void> {
  const { limit, replyTo, reactions } = flags
  const query: ListQuery = {
    limit: Math.min(limit, MAX_PAGE),
    ...Object.fromEntries(FILTERS.map((name) => [name, flags[name]])),
    ...(replyTo !== undefined && { reply_to: replyTo }),
    ...(reactions && { format: 'reaction' }),
  }
  const printMessage = createPrinter(context, flags, describeMessage)
  await withClient(context, flags, async (client) => {
    let count = 0
    for await (const message of client.list(query)) {
      count += 1
      if (!(await printMessage(message)) || count === limit) return
    }
  })
}

function atLeast(min: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= min) return Number(text)
    throw new InvalidArgumentError(`It must be a whole number from ${min} on.`)
  }
}
