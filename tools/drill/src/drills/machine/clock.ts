import type { Drill, DrillContext } from '../../drill.js'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { git, isInstalled } from '../../rig/shell.js'

/** Before the beginning of time, after the end of 32 bits with a sign, and after the end of those without. */
const TIMES = ['1969-06-01 12:00:00', '1970-01-01 00:00:00', '2038-01-20 12:00:00', '2106-03-01 12:00:00']

/** F32: the server lives in another time; what it pushed must be sound for ever. */
export const clock: Drill = {
  name: 'clock',
  title: 'a server whose clock says 1969, 2038 or 2106, and one whose clock goes back',
  obstacle: () => (isInstalled('faketime') ? null : 'faketime is not installed'),
  async run(context) {
    for (const time of TIMES) await livesIn(context, [time])
    await livesIn(context, ['2106-03-01 12:00:00', '1969-06-01 12:00:00', '2025-01-01 00:00:00'])
  },
}

async function livesIn({ random, tally, say, openSite }: DrillContext, times: string[]): Promise<void> {
  const name = times.join(', then ')
  const site = openSite()
  // The strictest remote there is, so that what it takes, others take.
  git(site.repository, 'config', 'receive.fsckObjects', 'true')
  for (const time of times) {
    const server = await site.start({ FAKETIME_DONT_FAKE_MONOTONIC: '1' }, ['faketime', '-f', `@${time}`])
    tally.injected += 1
    for (let number = 0; number < 10; number += 1)
      await postOne(server.url, { random, history: site.history })
    const seconds = await examine(tally, { site, server }, { after: time, within: 30_000 })
    tally.figures[`${name}: s to synchronized`] = seconds ?? 'never'
    await server.stop()
  }
  say(name)
  site.close()
}
