import { count, type Drill, type DrillContext } from '../drill.js'
import { examine } from '../oracle/examine.js'
import { postOne } from '../oracle/load.js'
import { git, isWhole } from '../rig/shell.js'
import type { Site } from '../rig/site.js'
import { type Damage, damages } from './kinds-of-damage.js'
import { type Situation, situations } from './situations.js'

const HEALED_WITHIN = 30_000
const MESSAGES = 12

/** F24: the local repository is broken, between two lives of the server or while it runs. */
export const damage: Drill = {
  name: 'damage',
  title: 'every kind of damage to the local repository, with and without a remote',
  async run(context) {
    for (const kind of damages) {
      for (const situation of situations) await healsAfter(context, kind, situation)
    }
  },
}

async function healsAfter(
  { random, tally, say, openSite }: DrillContext,
  { kind, inflict }: Damage,
  { situation, stopped, remote }: Situation,
): Promise<void> {
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
  inflict(site.localRepository)
  tally.injected += 1
  if (stopped) server = await site.start()
  await postOne(server.url, { random, history })
  const seconds = await examine(tally, { site, server }, { after: name, within: HEALED_WITHIN })
  tally.figures[name] = seconds === null ? 'not healed' : `${seconds} s${copyState(site)}`
  if (seconds !== null) count(tally, 'healed')
  say(`${name}: ${tally.figures[name]}`)
  site.close()
}

/** What the remote holds is what counts; the copy may still hide damage that nothing has touched yet. */
function copyState({ localRepository, repository }: Site): string {
  if (localRepository === repository) return ''
  if (!isWhole(localRepository)) return ', the copy is still damaged where nothing reads it'
  const inStep = git(localRepository, 'rev-parse', 'main') === git(repository, 'rev-parse', 'main')
  return inStep ? '' : ', the copy is behind the remote'
}
