import { embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import { percentile } from '../../oracle/load.js'
import type { RunningServer } from '../../rig/server.js'
import { pause } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet } from './examine-fleet.js'
import { type Fleet, openDatabase, openFleet } from './fleet.js'
import { findSynchronizer, watchLease } from './synchronizer.js'
import { noteResponses, startWriting } from './writers.js'

/** Another server must have the lease this long after a kill; how soon it has synchronized depends on the machine. */
const MAX_AFTER_KILL_MS = 12_000
/** Another server must have the lease this long after one has stopped. */
const MAX_AFTER_STOP_MS = 1_000
const TAKEOVER_TIMEOUT_MS = 60_000

interface Rig {
  readonly fleet: Fleet
  readonly url: string
}

/** One server synchronizes; another takes over when it ends, however that happens. */
export const postgresTakeover: Drill = {
  name: 'postgres-takeover',
  title:
    'three servers on one PostgreSQL: the one that synchronizes is killed or stopped, and another takes over',
  obstacle: embeddedObstacle,
  async run(context) {
    const { log, scale, tally } = context
    const { url } = await openDatabase()
    const rig = { fleet: await openFleet(context, url), url }
    const writing = startWriting(context, rig.fleet)
    await repeat(context, { times: scale(10, 2), takeOver: () => afterKill(context, rig), name: 'kill' })
    await repeat(context, { times: scale(10, 3), takeOver: () => afterStop(context, rig), name: 'stop' })
    await writing.stop()
    noteResponses(tally, writing)
    const seconds = await examineFleet(context, { ...rig, after: 'killed and stopped' })
    log(`${tally.injected} times, all synchronized after ${seconds} s`)
    await rig.fleet.stop()
  },
}

/** The milliseconds of a takeover, by what they were measured to. */
type Times = Record<string, number>

async function repeat(
  { tally }: DrillContext,
  { times, takeOver, name }: { times: number; takeOver: () => Promise<Times | null>; name: string },
): Promise<void> {
  const all: Times[] = []
  for (let time = 0; time < times; time += 1) {
    const measured = await takeOver()
    tally.injected += 1
    count(tally, `${name}s of the server that synchronizes`)
    if (measured) all.push(measured)
    else tally.problems.push(`No server took over within ${TAKEOVER_TIMEOUT_MS / 1000} s after a ${name}.`)
  }
  for (const what of Object.keys(all[0] ?? {})) {
    const values = all.map((measured) => measured[what] ?? Number.NaN)
    const median = Math.round(percentile(values, 50))
    tally.figures[`ms from ${name} to ${what}`] =
      `median ${median}, at most ${Math.round(Math.max(...values))}`
  }
}

async function afterKill({ random, tally }: DrillContext, { fleet, url }: Rig): Promise<Times | null> {
  const victim = await findSynchronizer(fleet)
  await pause(random.integer(0, 1_500))
  const watch = await watchLease(url)
  const killed = (fleet.servers[victim] as RunningServer).stop(
    'SIGKILL',
    random.pick(['alone', 'with-children']),
  )
  const takeover = await watch.takeover(TAKEOVER_TIMEOUT_MS)
  await watch.close()
  await killed
  await fleet.restart(victim)
  if (!takeover) return null
  const { leaseMs, settledMs } = takeover
  if (leaseMs > MAX_AFTER_KILL_MS)
    tally.problems.push(`After a kill, another server had the lease after ${Math.round(leaseMs)} ms.`)
  return { 'another lease': leaseMs, 'synchronized messages': settledMs }
}

async function afterStop({ random, tally }: DrillContext, { fleet, url }: Rig): Promise<Times | null> {
  const victim = await findSynchronizer(fleet)
  await pause(random.integer(0, 1_500))
  const watch = await watchLease(url)
  const startedAt = performance.now()
  const exit = (fleet.servers[victim] as RunningServer).stop().then((code) => ({
    code,
    exitMs: performance.now() - startedAt,
  }))
  const takeover = await watch.takeover(TAKEOVER_TIMEOUT_MS)
  await watch.close()
  const { code, exitMs } = await exit
  if (code !== 0) tally.problems.push(`A server that was stopped exited with ${code}.`)
  await fleet.restart(victim)
  if (!takeover) return null
  const afterExitMs = Math.max(0, takeover.leaseMs - exitMs)
  if (afterExitMs > MAX_AFTER_STOP_MS)
    tally.problems.push(`After a stop, another server had the lease after ${Math.round(afterExitMs)} ms.`)
  return {
    'the exit': exitMs,
    'another lease, after the exit': afterExitMs,
    'synchronized messages': takeover.settledMs,
  }
}
