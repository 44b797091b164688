import { isDeepStrictEqual } from 'node:util'
import { describe } from '../../oracle/compare.js'
import type { BadLine, Fault } from '../../rig/bad-line.js'
import { pause, timed, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { followByCommand } from './follow-by-command.js'
import { followByEvents } from './follow-by-events.js'
import { followBySocket } from './follow-by-socket.js'
import type { Follower, FollowOptions } from './follower.js'
import { type Outcome, openStage } from './stage.js'

const IDLE_MS = 2_000
/** After which a common proxy closes a connection. */
const PROXY_IDLE_MS = 60_000
/** `gitmsg follow` takes a minute to notice that a connection is half-open. */
const CATCH_UP_TIMEOUT_MS = 120_000

const FAULTS: readonly Fault[] = ['idle', 'reset', 'half-open', 'slow', 'byte-by-byte']

/** Ways to follow a server. */
const WAYS: Readonly<Record<string, (options: FollowOptions, context: DrillContext) => Follower>> = {
  'a WebSocket': followBySocket,
  'an event stream': (options) => followByEvents(options),
  'gitmsg follow': followByCommand,
}

/** A client that follows a server misses no message, and gets none twice. */
export const live: Drill = {
  name: 'live',
  title:
    'clients of the live channel over lines that fail, with kill -9 of the server under posts, edits, deletions',
  async run(context) {
    const { tally, scale, log } = context
    const faults = FAULTS.map((fault) => ({ fault, idleMs: IDLE_MS }))
    const stage = await openStage(context, [...faults, { fault: 'idle', idleMs: PROXY_IDLE_MS }])
    const { lines, start } = stage
    const followers = lines.flatMap(({ url }, index) => {
      const line = nameOf(index)
      // A half-open connection takes the clients a minute to notice.
      const clockSpeed = FAULTS[index] === 'half-open' ? scale(1, 20) : 1
      return Object.entries(WAYS).map(([way, follow]) => {
        const follower = follow({ url, start, clockSpeed }, context)
        return { ...follower, name: `${way} over a line that is ${line}` }
      })
    })

    for (let kills = 0; kills < scale(20, 6); kills += 1) await stage.kill()
    await stage.write(scale(60_000, 3_000))
    await stayIdle(context, lines)
    for (const [index, { injected, repair }] of lines.entries()) {
      noteInjected(context, index, injected())
      repair()
    }
    const outcome = await stage.finish()
    const { seconds } = await timed(() =>
      until(
        () => followers.every((follower) => differenceOf(follower, outcome) === null),
        CATCH_UP_TIMEOUT_MS,
      ),
    )
    tally.figures['s until all clients had everything'] = seconds
    tally.figures['messages in the end'] = outcome.feed.size
    for (const follower of followers) judge(context, follower, outcome)
    for (const { stop } of followers) stop()
    log(`${tally.injected} faults, ${followers.length} clients, ${outcome.feed.size} messages`)
  },
}

type Named = Follower & { readonly name: string }

const nameOf = (line: number): string => FAULTS[line] ?? `idle for ${PROXY_IDLE_MS / 1000} s`

/** The server's heartbeat must keep a connection open through a proxy that closes idle ones after a minute. */
async function stayIdle({ tally, scale }: DrillContext, lines: readonly BadLine[]): Promise<void> {
  const patient = lines.at(-1)
  await pause(scale(PROXY_IDLE_MS + 20_000, 2 * IDLE_MS))
  if (patient?.injected()) tally.problems.push('The heartbeat did not keep an idle connection open.')
}

function noteInjected({ tally }: DrillContext, line: number, times: number): void {
  tally.injected += times
  tally.figures[`connections that were ${nameOf(line)}`] = times
  if (times === 0 && line < FAULTS.length) tally.problems.push(`No connection was ${nameOf(line)}.`)
}

function differenceOf({ ledger, shown }: Follower, { feed, list }: Outcome): string | null {
  const difference = describe(ledger.compare(feed))
  if (difference) return difference
  return !shown || isDeepStrictEqual(shown(), list) ? null : 'what it shows is not GET /messages'
}

function judge({ tally }: DrillContext, follower: Named, outcome: Outcome): void {
  const { name, ledger } = follower
  tally.figures[`messages and changes by ${name}`] = ledger.entries
  for (const [figure, number] of Object.entries(ledger.compare(outcome.feed))) count(tally, figure, number)
  const difference = differenceOf(follower, outcome)
  if (difference) tally.problems.push(`${name}: ${difference}`)
}
