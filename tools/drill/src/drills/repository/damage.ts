import { count, type Drill, type DrillContext } from '../../drill.js'
import { examine, untilSynchronized } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import type { RunningServer } from '../../rig/server.js'
import { isWhole } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { pause, timed, until } from '../../rig/wait.js'
import { type Damage, damages } from './kinds-of-damage.js'
import { type Situation, situations } from './situations.js'

const HEALED_WITHIN = 30_000
const MESSAGES = 12
/** What the server says of what it did about it. */
const MENDING =
  /"msg":"(the local repository was damaged|made a new local repository|the HEAD of the local repository|removed an index|the local copy of the branch was not|the branch does not hold)/

/** F24: the local repository is broken, between two lives of the server or while it runs. */
export const damage: Drill = {
  name: 'damage',
  title:
    'every kind of damage to the local repository, with and without a remote, noticed and mended unasked',
  async run(context) {
    const healed = new Map<string, number>()
    for (const damage of damages) {
      for (const situation of situations) {
        if (await healsAfter(context, damage, situation)) {
          healed.set(damage.kind, (healed.get(damage.kind) ?? 0) + 1)
        }
      }
    }
    const always = [...healed.values()].filter((times) => times === situations.length).length
    context.tally.figures['kinds healed in every situation'] = `${always} of ${damages.length}`
  },
}

async function healsAfter(
  { random, tally, say, openSite }: DrillContext,
  { kind, inflict, isHarmless = false }: Damage,
  { situation, stopped, remote }: Situation,
): Promise<boolean> {
  const name = `${kind}, ${situation}`
  const site = openSite({ remote })
  const { history } = site
  let server = await site.start()
  for (let number = 0; number < MESSAGES; number += 1) {
    await postOne(server.url, { random, history })
    // One by one: so each message is an object of its own, and not one of a pack.
    await fetch(new URL('sync', server.url), { method: 'POST' })
  }
  if (stopped) await server.stop()
  const said = stopped ? 0 : server.output().length
  inflict(site.localRepository)
  tally.injected += 1
  const { seconds, result } = await timed(async () => {
    if (stopped) server = await site.start()
    await postOne(server.url, { random, history })
    return untilWhole(site, server)
  })
  const isSaid = isHarmless || (await until(() => MENDING.test(server.output().slice(said)), 1_000))
  if (!result) tally.problems.push(`${name}: not whole within ${HEALED_WITHIN / 1000} s`)
  if (isSaid === null) tally.problems.push(`${name}: nothing in the log says what was done`)
  const synchronized = await examine(tally, { site, server }, { after: name, within: HEALED_WITHIN })
  const isHealed = result !== null && isSaid !== null && synchronized !== null
  tally.figures[name] = isHealed ? `${seconds} s` : 'not healed'
  if (isHealed) count(tally, 'healed')
  tally.figures['s to healed, at most'] = Math.max(
    seconds,
    Number(tally.figures['s to healed, at most'] ?? 0),
  )
  say(`${name}: ${tally.figures[name]}`)
  site.close()
  return isHealed
}

/** Everything is synchronized, and plain git finds nothing wrong with the local repository. */
function untilWhole({ localRepository }: Site, { url }: RunningServer): Promise<true | null> {
  return until(async () => {
    await pause(200)
    return (await untilSynchronized(url, 0)) !== null && isWhole(localRepository)
  }, HEALED_WITHIN)
}
