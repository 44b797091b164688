import { examine, untilSynchronized } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import type { RunningServer } from '../../rig/server.js'
import { isIntact } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { pause, timed, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { type Damage, damages } from './kinds-of-damage.js'
import { type Situation, situations } from './situations.js'

const REPAIR_TIMEOUT_MS = 30_000
const MESSAGES = 12
/** The log lines that report a repair. */
const REPAIR_LINES =
  /"msg":"(local repository is damaged|local repository created|HEAD of the local repository|removed an index|local copy of the branch was at|history lost)/

/** F24: the local repository is damaged while the server is stopped or while it runs. */
export const damage: Drill = {
  name: 'damage',
  title:
    'every kind of damage to the local repository, with and without a remote, noticed and repaired automatically',
  async run(context) {
    const repaired = new Map<string, number>()
    for (const damage of damages) {
      for (const situation of situations) {
        if (await repairsAfter(context, damage, situation)) {
          repaired.set(damage.kind, (repaired.get(damage.kind) ?? 0) + 1)
        }
      }
    }
    const always = [...repaired.values()].filter((times) => times === situations.length).length
    context.tally.figures['kinds repaired in every situation'] = `${always} of ${damages.length}`
  },
}

async function repairsAfter(
  { random, tally, log, openSite }: DrillContext,
  { kind, inflict, isHarmless = false }: Damage,
  { situation, stopped, remote }: Situation,
): Promise<boolean> {
  const name = `${kind}, ${situation}`
  const site = openSite({ remote })
  const { history } = site
  let server = await site.start()
  for (let number = 0; number < MESSAGES; number += 1) {
    await postOne(server.url, { random, history })
    // One by one, so that each message is a loose object and not part of a pack.
    await fetch(new URL('sync', server.url), { method: 'POST' })
  }
  if (stopped) await server.stop()
  const before = stopped ? 0 : server.output().length
  inflict(site.localRepository)
  tally.injected += 1
  const { seconds, result } = await timed(async () => {
    if (stopped) server = await site.start()
    await postOne(server.url, { random, history })
    return untilIntact(site, server)
  })
  const isLogged = isHarmless || (await until(() => REPAIR_LINES.test(server.output().slice(before)), 1_000))
  if (!result) tally.problems.push(`${name}: not intact within ${REPAIR_TIMEOUT_MS / 1000} s`)
  if (isLogged === null) tally.problems.push(`${name}: the log does not mention the repair`)
  const synchronized = await examine(tally, { site, server }, { after: name, withinMs: REPAIR_TIMEOUT_MS })
  const isRepaired = result !== null && isLogged !== null && synchronized !== null
  tally.figures[name] = isRepaired ? `${seconds} s` : 'not repaired'
  if (isRepaired) count(tally, 'repaired')
  tally.figures['s to repaired, at most'] = Math.max(
    seconds,
    Number(tally.figures['s to repaired, at most'] ?? 0),
  )
  log(`${name}: ${tally.figures[name]}`)
  site.close()
  return isRepaired
}

/** Waits until everything is synchronized and plain git finds nothing wrong with the local repository. */
function untilIntact({ localRepository }: Site, { url }: RunningServer): Promise<true | null> {
  return until(async () => {
    await pause(200)
    return (await untilSynchronized(url, 0)) !== null && isIntact(localRepository)
  }, REPAIR_TIMEOUT_MS)
}
