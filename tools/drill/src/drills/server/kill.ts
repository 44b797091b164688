import { count, type Drill, type DrillContext } from '../../drill.js'
import { examine } from '../../oracle/examine.js'
import { percentile, startLoad } from '../../oracle/load.js'
import { processesIn } from '../../rig/processes.js'
import { pause } from '../../rig/wait.js'

type Whom = 'alone' | 'with-children'

/** F1, F2: the process ends at any moment, with or without the git it had started. */
export const kill: Drill = {
  name: 'kill',
  title: 'kill -9 of the server at random moments under load, alone and with all its children',
  async run(context) {
    await killAgainAndAgain(context, { remote: true, whom: 'alone', kills: context.scale(40, 4) })
    await killAgainAndAgain(context, { remote: true, whom: 'with-children', kills: context.scale(40, 3) })
    await killAgainAndAgain(context, { remote: false, whom: 'alone', kills: context.scale(20, 3) })
    await killAgainAndAgain(context, { remote: false, whom: 'with-children', kills: context.scale(20, 2) })
  },
}

async function killAgainAndAgain(
  { random, tally, say, openSite }: DrillContext,
  { remote, whom, kills }: { remote: boolean; whom: Whom; kills: number },
): Promise<void> {
  const variant = `${remote ? 'with a remote' : 'without a remote'}, ${whom}`
  const site = openSite({ remote })
  const readyAfter: number[] = []
  for (let life = 0; life < kills; life += 1) {
    const server = await site.start()
    readyAfter.push(server.readyAfter)
    const load = startLoad({ urls: [server.url], clients: 8, random, history: site.history })
    await pause(random.integer(0, 500))
    const stopping = load.stop()
    await server.stop('SIGKILL', whom)
    await stopping
    tally.injected += 1
    count(tally, 'locks and leftovers removed', occurrences(server.output(), 'had left behind'))
  }
  const server = await site.start()
  const seconds = await examine(tally, { site, server }, { after: variant })
  tally.figures[`${variant}: s to synchronized after the last`] = seconds ?? 'never'
  tally.figures[`${variant}: ms from start to serving, p99`] = percentile(readyAfter, 99)
  count(tally, 'locks and leftovers removed', occurrences(server.output(), 'had left behind'))
  if ((await server.stop()) !== 0) tally.problems.push(`${variant}: the last server did not end with 0`)
  count(tally, 'processes left over', processesIn(site.path).length)
  say(`${kills} kills ${variant}`)
  site.close()
}

const occurrences = (text: string, words: string): number => text.split(words).length - 1
