import { examine } from '../../oracle/examine.js'
import { type Load, startLoad } from '../../oracle/load.js'
import type { RunningServer } from '../../rig/server.js'
import type { Site } from '../../rig/site.js'
import { pause } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

/** F30: several servers on one database, one of which is killed now and then. */
export const sharedData: Drill = {
  name: 'shared-data',
  title: 'two servers on one data folder, killed in turns, and frozen in turns',
  async run(context) {
    const site = context.openSite()
    await killInTurns(context, site)
    await freezeInTurns(context, site)
  },
}

async function killInTurns({ random, tally, log, scale }: DrillContext, site: Site): Promise<void> {
  const servers = [await site.start(), await site.start()]
  const load = (server: RunningServer): Load =>
    startLoad({ urls: [server.url], clients: 3, random, history: site.history, pauseMs: 5 })
  const loads = servers.map(load)
  const rounds = scale(20, 4)
  for (let round = 0; round < rounds; round += 1) {
    const victim = round % 2
    await pause(random.integer(300, 1200))
    const stopping = loads[victim]?.stop()
    await servers[victim]?.stop('SIGKILL', random.pick(['alone', 'with-children']))
    await stopping
    tally.injected += 1
    countServerErrors(tally, loads[victim])
    servers[victim] = await site.start()
    loads[victim] = load(servers[victim])
  }
  await Promise.all(loads.map((running) => running.stop()))
  for (const running of loads) countServerErrors(tally, running)
  await examine(tally, { site, server: servers[1] as RunningServer }, { after: 'killed in turns' })
  for (const server of servers) await server.stop()
  log(`${rounds} kills`)
}

/**
 * F31: one of the servers is frozen for a while, with its git processes, and then continues. If it is frozen in the
 * middle of a transaction, SQLite lets no other process write until then; such freezes are counted here.
 */
async function freezeInTurns({ random, tally, log, scale }: DrillContext, site: Site): Promise<void> {
  const servers = [await site.start(), await site.start()]
  const freezes = scale(6, 2)
  let blocked = 0
  for (let freeze = 0; freeze < freezes; freeze += 1) {
    const frozen = servers[freeze % 2] as RunningServer
    const other = servers[1 - (freeze % 2)] as RunningServer
    const [ownLoad, otherLoad] = [frozen, other].map(({ url }) =>
      startLoad({ urls: [url], clients: 2, random, history: site.history, pauseMs: 20 }),
    )
    await pause(1000)
    frozen.signal('SIGSTOP', 'with-children')
    tally.injected += 1
    await pause(500)
    const before = otherLoad?.latencies.length
    await pause(scale(8_000, 3_000))
    if (otherLoad?.latencies.length === before) blocked += 1
    frozen.signal('SIGCONT', 'with-children')
    for (const load of [ownLoad, otherLoad]) {
      await load?.stop()
      countServerErrors(tally, load)
    }
  }
  tally.figures['freezes in which the other could not write'] = `${blocked} of ${freezes}`
  if (blocked === freezes) tally.problems.push('Whichever server was frozen, the other acknowledged nothing.')
  await examine(tally, { site, server: servers[0] as RunningServer }, { after: 'frozen in turns' })
  for (const server of servers) await server.stop()
  log(`${freezes} freezes`)
}

/** A client should never see that another process is writing to the database. */
function countServerErrors(tally: DrillContext['tally'], load: Load | undefined): void {
  for (const [status, times] of load?.responses ?? []) {
    if (status >= 500) count(tally, `responses with ${status}`, times)
  }
}
