import type { CuttingProxy } from '@gitmsg/test-postgres/cutting-proxy'
import { query } from '@gitmsg/test-postgres/databases'
import { type EmbeddedCluster, embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import { pause } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet } from './examine-fleet.js'
import { type Fleet, openDatabase, openFleet, openProxy, untilReady } from './fleet.js'
import { takeConnections } from './take-connections.js'
import { noteResponses, startWriting } from './writers.js'

interface Rig {
  readonly fleet: Fleet
  readonly database: EmbeddedCluster
  readonly proxy: CuttingProxy
}

/** Injects a fault once and ends it; resolves with how often it really happened. */
type Fault = (context: DrillContext, rig: Rig) => Promise<number>

const FAULTS: Readonly<Record<string, { fault: Fault; times: readonly [full: number, quick: number] }>> = {
  'the connections of the synchronization terminated': {
    times: [10, 4],
    fault: (_, { database }) => terminate(database.url, "query like '%sync_lease%'"),
  },
  'all connections terminated': { times: [5, 2], fault: (_, { database }) => terminate(database.url) },
  'network cut': { times: [5, 2], fault: cut },
  'network silent': { times: [2, 1], fault: freeze },
  'no connection left': { times: [2, 1], fault: exhaust },
  'database restarted': { times: [4, 1], fault: (_, { database }) => restart(database, 'SIGINT') },
  'database crashed': { times: [4, 1], fault: (_, { database }) => restart(database, 'SIGQUIT') },
  'database killed': { times: [4, 1], fault: (_, { database }) => restart(database, 'SIGKILL') },
}

/** Servers lose the database, in every way in which it comes back. */
export const postgresConnections: Drill = {
  name: 'postgres-connections',
  title:
    'three servers whose PostgreSQL ends connections, is cut off or silent, has none left, restarts and crashes',
  obstacle: embeddedObstacle,
  async run(context) {
    const { tally, log, scale, random } = context
    const database = await openDatabase({ settings: { max_connections: '60' } })
    const proxy = await openProxy(database.url)
    const fleet = await openFleet(context, proxy.url)
    for (const [name, { fault, times }] of Object.entries(FAULTS)) {
      const writing = startWriting(context, fleet)
      const waits: number[] = []
      for (let time = 0; time < scale(...times); time += 1) {
        await pause(random.integer(500, 1_500))
        const injected = await fault(context, { fleet, database, proxy })
        if (injected > 0) count(tally, name)
        tally.injected += injected > 0 ? 1 : 0
        waits.push(await untilReady(context, fleet))
      }
      if (!tally.figures[name]) tally.problems.push(`${name}: it never happened.`)
      await writing.stop()
      noteResponses(tally, writing)
      tally.figures[`${name}: s until all were ready, at most`] = Math.max(...waits)
      const seconds = await examineFleet(context, { fleet, url: database.url, after: name })
      tally.figures[`${name}: s until all was synchronized`] = seconds
      log(`${name}, synchronized after ${seconds} s`)
    }
    await fleet.stop()
  },
}

const terminate = async (url: string, condition = 'true'): Promise<number> =>
  (await query(url, terminating(condition))).length

/** Ends connections of the servers, those that are idle too. */
const terminating = (condition: string): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gitmsg%' and ${condition}`

async function cut({ random }: DrillContext, { proxy }: Rig): Promise<number> {
  proxy.disconnect()
  await pause(random.integer(0, 4_000))
  proxy.reconnect()
  return 1
}

async function freeze({ random }: DrillContext, { proxy }: Rig): Promise<number> {
  proxy.freeze()
  await pause(random.integer(8_000, 15_000))
  proxy.thaw()
  return 1
}

async function exhaust({ random }: DrillContext, { database }: Rig): Promise<number> {
  const taken = await takeConnections(database.url)
  await taken.run(terminating('true'))
  await pause(random.integer(2_000, 6_000))
  const refused = taken.refused()
  await taken.giveBack()
  return refused
}

async function restart(database: EmbeddedCluster, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<number> {
  await database.stop(signal)
  await database.start()
  return 1
}
