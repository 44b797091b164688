import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { syncStatus } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { percentile, startLoad } from '../../oracle/load.js'
import { openBlackHole } from '../../rig/black-hole.js'
import { processesIn } from '../../rig/processes.js'
import { run } from '../../rig/shell.js'
import { timed, until } from '../../rig/wait.js'
import type { Drill } from '../drill.js'

/** The server gives up on a remote that sends nothing for half a minute. */
const GIVE_UP_TIMEOUT_MS = 45_000

/** F15: the remote accepts connections and never responds. */
export const blackHole: Drill = {
  name: 'black-hole',
  title: 'a remote that accepts connections and never responds',
  obstacle: () =>
    existsSync(join(run('git', '--exec-path').trim(), 'git-daemon')) ? null : 'git daemon is not installed',
  async run({ random, tally, log, openSite }) {
    const site = openSite()
    const hole = await openBlackHole(site.path, 'remote.git')
    const server = await site.start({ GITMSG_REMOTE: hole.url })
    const load = startLoad({ urls: [server.url], clients: 4, random, history: site.history, pauseMs: 50 })
    const { seconds, result } = await timed(() =>
      until(async () => (await syncStatus(server.url)).last_error, GIVE_UP_TIMEOUT_MS),
    )
    await load.stop()
    if (!result) tally.problems.push(`The attempt was not given up within ${GIVE_UP_TIMEOUT_MS / 1000} s.`)
    tally.injected += hole.swallowed()
    tally.figures['connections swallowed'] = hole.swallowed()
    tally.figures['s until the attempt was given up'] = seconds
    tally.figures.error = result?.code ?? ''
    tally.figures['ms to acknowledge meanwhile, p99'] = percentile(load.latencies, 99)
    log(`given up after ${seconds} s: ${result?.code}`)
    hole.setOpen(true)
    const synchronized = await examine(tally, { site, server }, { after: 'open again', withinMs: 90_000 })
    tally.figures['s from open to synchronized'] = synchronized ?? 'never'
    if ((await server.stop()) !== 0) tally.problems.push('The server did not exit with 0.')
    const left = processesIn(site.localRepository).length
    if (left > 0) tally.problems.push(`${left} processes were left over`)
  },
}
