import type { Client, Live, MessageDetails, Position } from '@gitmsg/client'
import { parseMessageInput } from '@gitmsg/core'
import { type Command, InvalidArgumentError } from 'commander'
import { parsePosition, toPositionText } from '../../http/feed-position.js'
import { type CommandContext, exitCodeOf, untilStopped } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'
import { describeMessage } from './describe-message.js'
import { createNewsFilter } from './news-filter.js'
import { superviseLive } from './supervise-live.js'

interface FollowFlags extends ClientFlags {
  readonly topic?: readonly string[]
  readonly since?: Since
  readonly commits?: boolean
}

/** A time in UTC, or a place in the feed. */
type Since = string | Position

/** Adds `gitmsg follow`. */
export function addFollowCommand(program: Command, context: CommandContext): void {
  addPrintingCommand(program, 'follow')
    .description(
      'print what is posted, edited and deleted on a server as it happens, until SIGINT or SIGTERM',
    )
    .option('--topic <topic>', 'only messages with this topic; can be repeated', collect)
    .option(
      '--since <time>',
      'begin with what was written or changed since then (RFC 3339), or after the `position` of a printed line',
      parseSince,
    )
    .option('--commits', 'print a message again when it is committed, and when reactions to it change')
    .action((flags: FollowFlags) => runFollow(context, flags))
}

async function runFollow(context: CommandContext, flags: FollowFlags): Promise<void> {
  const { topic: topics, since, commits = false } = flags
  const printLine = createPrinter(context, flags, describeMessage)
  await withClient(context, flags, async (client) => {
    const { after, ...beginning } = await begin(client, since)
    const isNews = createNewsFilter({ ...beginning, commits })
    await using live = client.live({ limit: 0, after, topics })
    const failure = superviseLive(live, (text) => context.process.stderr.write(`gitmsg: ${text}\n`))
    void endOnSignal(live, context.process)
    for await (const message of live) {
      if (isNews(message) && !(await printLine(toLine(message, live)))) break
    }
    const error = failure()
    if (error) throw error
  })
}

/** `position` is where to go on after this message, in another run too. */
function toLine(message: MessageDetails, { position }: Live) {
  const { epoch, position: place } = position ?? { epoch: '', position: message.position }
  return { ...message, position: toPositionText({ epoch, position: place }) }
}

/** Finds the place in the feed to begin at. */
async function begin(client: Client, since: Since | undefined) {
  if (typeof since === 'object') {
    await client.changes({ after: since, limit: 1 }) // rejects if the server cannot go on from there
    return { after: since, head: since.position, newestId: 0 }
  }
  const page = await client.list({ limit: 1 })
  const head = page.position ?? { epoch: '', position: 0 }
  const beginning = { head: head.position, newestId: page[0]?.id ?? 0 }
  if (since === undefined) return { after: page.position, ...beginning }
  return { after: { epoch: head.epoch, position: 0 }, ...beginning, since }
}

/** Unlike a command that finishes what it is at, it ends by the first signal. */
async function endOnSignal(live: Live, process: NodeJS.Process): Promise<void> {
  process.exitCode = exitCodeOf(await untilStopped(process))
  await live.close()
}

const collect = (topic: string, topics: readonly string[] = []): string[] => [...topics, topic]

function parseSince(text: string): Since {
  for (const parse of [parseTime, parsePosition]) {
    try {
      return parse(text)
    } catch {
      // It is of the other form, or of none.
    }
  }
  throw new InvalidArgumentError('It must be a time like 2025-01-09T08:00:00Z, or a position.')
}

/** @throws if it is not RFC 3339 */
const parseTime = (timestamp: string): string =>
  parseMessageInput({ content: 'x', sender: 'x', timestamp }).timestamp ?? timestamp
