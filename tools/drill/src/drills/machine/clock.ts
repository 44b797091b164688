import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { git, isInstalled } from '../../rig/shell.js'
import type { Drill, DrillContext } from '../drill.js'

/** Before and at the Unix epoch, and after the end of signed and of unsigned 32-bit time. */
const TIMES = ['1969-06-01 12:00:00', '1970-01-01 00:00:00', '2038-01-20 12:00:00', '2106-03-01 12:00:00']

/** F32: the server's clock is wrong; what it pushes must be valid anyway. */
export const clock: Drill = {
  name: 'clock',
  title: 'a server whose clock shows 1969, 2038 or 2106, and one whose clock is set back',
  obstacle: () => (isInstalled('faketime') ? null : 'faketime is not installed'),
  async run(context) {
    for (const time of TIMES) await runAt(context, [time])
    await runAt(context, ['2106-03-01 12:00:00', '1969-06-01 12:00:00', '2025-01-01 00:00:00'])
  },
}

async function runAt({ random, tally, log, openSite }: DrillContext, times: string[]): Promise<void> {
  const name = times.join(', then ')
  const site = openSite()
  // The strictest remote: what it accepts, every remote accepts.
  git(site.repository, 'config', 'receive.fsckObjects', 'true')
  for (const time of times) {
    const server = await site.start({ FAKETIME_DONT_FAKE_MONOTONIC: '1' }, ['faketime', '-f', `@${time}`])
    tally.injected += 1
    for (let number = 0; number < 10; number += 1)
      await postOne(server.url, { random, history: site.history })
    const seconds = await examine(tally, { site, server }, { after: time, withinMs: 30_000 })
    tally.figures[`${name}: s to synchronized`] = seconds ?? 'never'
    await server.stop()
  }
  log(name)
  site.close()
}
