import { examine } from '../../oracle/examine.js'
import { percentile, startLoad } from '../../oracle/load.js'
import { processesIn } from '../../rig/processes.js'
import type { Target } from '../../rig/server.js'
import { pause } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

/** F1, F2: the process is killed at any moment, with or without the git processes it started. */
export const kill: Drill = {
  name: 'kill',
  title: 'kill -9 of the server at random moments under load, alone and with all its children',
  async run(context) {
    await killRepeatedly(context, { remote: true, target: 'alone', kills: context.scale(40, 4) })
    await killRepeatedly(context, { remote: true, target: 'with-children', kills: context.scale(40, 3) })
    await killRepeatedly(context, { remote: false, target: 'alone', kills: context.scale(20, 3) })
    await killRepeatedly(context, { remote: false, target: 'with-children', kills: context.scale(20, 2) })
  },
}

async function killRepeatedly(
  { random, tally, log, openSite }: DrillContext,
  { remote, target, kills }: { remote: boolean; target: Target; kills: number },
): Promise<void> {
  const variant = `${remote ? 'with a remote' : 'without a remote'}, ${target}`
  const site = openSite({ remote })
  const readyAfterMs: number[] = []
  for (let life = 0; life < kills; life += 1) {
    const server = await site.start()
    readyAfterMs.push(server.readyAfterMs)
    const load = startLoad({ urls: [server.url], clients: 8, random, history: site.history })
    await pause(random.integer(0, 500))
    const stopping = load.stop()
    await server.stop('SIGKILL', target)
    await stopping
    tally.injected += 1
    count(tally, 'locks and leftovers removed', occurrences(server.output(), 'had left behind'))
  }
  const server = await site.start()
  const seconds = await examine(tally, { site, server }, { after: variant })
  tally.figures[`${variant}: s to synchronized after the last`] = seconds ?? 'never'
  tally.figures[`${variant}: ms from start to serving, p99`] = percentile(readyAfterMs, 99)
  count(tally, 'locks and leftovers removed', occurrences(server.output(), 'had left behind'))
  if ((await server.stop()) !== 0) tally.problems.push(`${variant}: the last server did not exit with 0`)
  count(tally, 'processes left over', processesIn(site.path).length)
  log(`${kills} kills ${variant}`)
  site.close()
}

const occurrences = (text: string, words: string): number => text.split(words).length - 1
