import { createClient, type Message, type MessageDetails, type Position } from '@gitmsg/client'
import { listAll } from '../../oracle/api-client.js'
import { untilSynchronized } from '../../oracle/examine.js'
import { type BadLine, type Fault, openBadLine } from '../../rig/bad-line.js'
import type { RunningServer } from '../../rig/server.js'
import { pause } from '../../rig/wait.js'
import type { DrillContext } from '../drill.js'
import { createWriters } from './writers.js'

const WRITE_PAUSE_MS = 80
const KILL_AFTER_MS = { min: 200, max: 2_500 }
const MAX_REST_MS = 1_500
const SYNCHRONIZED_TIMEOUT_MS = 60_000
const PAGE_SIZE = 1_000
/** What the server logs if the channel fails. */
const FAILURES = ['live connection failed', 'cannot read what changed', 'cannot read the status for live']

/** What the server has in the end. */
export interface Outcome {
  /** Each message as it changed last, deleted ones included, by uid. */
  readonly feed: ReadonlyMap<string, MessageDetails>
  /** `GET /messages`, all of it. */
  readonly list: readonly Message[]
}

/** A server behind bad lines, with clients that write to it directly. */
export interface Stage {
  readonly lines: readonly BadLine[]
  /** The place before the first message. */
  readonly start: Position
  /** Lets the clients write for some time. */
  write(durationMs: number): Promise<void>
  /** Kills the server while the clients write, and starts it again. */
  kill(): Promise<void>
  /** Waits until nothing is pending, and reads everything. */
  finish(): Promise<Outcome>
}

/** Starts a server that can be reached over one line for each fault. */
export async function openStage(
  context: DrillContext,
  faults: readonly { fault: Fault; idleMs?: number }[],
): Promise<Stage> {
  const { random, tally, openSite } = context
  const site = openSite({ remote: false })
  const writers = createWriters(context)
  let server: RunningServer
  const target = () => Number(new URL(server.url).port)
  const lines = await Promise.all(faults.map((fault) => openBadLine({ ...fault, random, target })))
  const settings = { GITMSG_ALLOWED_HOSTS: lines.map(({ host }) => host).join(',') }
  server = await site.start(settings)
  const { epoch } = await createClient({ url: server.url }).changes()

  async function write(durationMs: number): Promise<void> {
    const writing = writers.start(server.url, WRITE_PAUSE_MS)
    await pause(durationMs)
    await writing.stop()
  }

  async function kill(): Promise<void> {
    const writing = writers.start(server.url, WRITE_PAUSE_MS)
    await pause(random.integer(KILL_AFTER_MS.min, KILL_AFTER_MS.max))
    const stopping = writing.stop()
    await server.stop('SIGKILL', random.pick(['alone', 'with-children']))
    await stopping
    noteFailures()
    tally.injected += 1
    server = await site.start(settings)
    await pause(random.integer(0, MAX_REST_MS))
  }

  function noteFailures(): void {
    for (const failure of FAILURES)
      if (server.output().includes(failure)) tally.problems.push(`The server logged: ${failure}`)
  }

  async function finish(): Promise<Outcome> {
    if (!(await untilSynchronized(server.url, SYNCHRONIZED_TIMEOUT_MS)))
      tally.problems.push('Not everything was synchronized in the end.')
    const feed = await readFeed(server.url, { epoch, position: 0 })
    const forgotten = writers.countForgotten(feed)
    if (forgotten > 0) tally.problems.push(`${forgotten} messages are not as they were acknowledged.`)
    noteFailures()
    return { feed, list: (await listAll(server.url)) as unknown as Message[] }
  }

  return { lines, start: { epoch, position: 0 }, write, kill, finish }
}

async function readFeed(url: string, start: Position): Promise<Map<string, MessageDetails>> {
  const client = createClient({ url })
  const feed = new Map<string, MessageDetails>()
  for (let after = start; ; ) {
    const { messages, epoch, position } = await client.changes({ after, limit: PAGE_SIZE })
    if (messages.length === 0) return feed
    for (const message of messages) feed.set(message.uid, message)
    after = { epoch, position }
  }
}
