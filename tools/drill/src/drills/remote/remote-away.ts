import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Drill, DrillContext } from '../../drill.js'
import { syncStatus } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { percentile, postOne, startLoad } from '../../oracle/load.js'
import type { Site } from '../../rig/site.js'
import { pause, until } from '../../rig/wait.js'

const MESSAGES = 200
/** After a long failure the next attempt may be a minute away. */
const PATIENCE = 90_000

/** F14, F17, F18: the remote is not there, takes nothing, or takes all but one. */
export const remoteAway: Drill = {
  name: 'remote-away',
  title: 'a remote that is away, refuses everything, or refuses one message in 200',
  async run(context) {
    await isAway(context)
    await refusesAll(context)
    await refusesOne(context)
  },
}

async function isAway({ random, tally, say, openSite, scale }: DrillContext): Promise<void> {
  const site = openSite()
  const server = await site.start()
  const { history } = site
  const load = startLoad({ urls: [server.url], clients: 4, random, history, rest: 5 })
  await pause(2000)
  const before = load.latencies.length
  renameSync(site.repository, `${site.repository}.away`)
  tally.injected += 1
  await pause(scale(10_000, 3_000))
  await load.stop()
  tally.figures['away: ms to acknowledge, p99 before'] = percentile(load.latencies.slice(0, before), 99)
  tally.figures['away: ms to acknowledge, p99 meanwhile'] = percentile(load.latencies.slice(before), 99)
  const { pending, state } = await syncStatus(server.url)
  tally.figures['away: pending at the end'] = pending
  if (pending === 0 || state === 'idle') tally.problems.push(`away: ${pending} pending, ${state}`)
  renameSync(`${site.repository}.away`, site.repository)
  const seconds = await examine(tally, { site, server }, { after: 'away', within: PATIENCE })
  tally.figures['away: s from back to synchronized'] = seconds ?? 'never'
  say(`was away with ${pending} pending`)
  site.close()
}

async function refusesAll({ random, tally, say, openSite, scale }: DrillContext): Promise<void> {
  const site = openSite()
  const hook = addHook(site, 'exit 1')
  const server = await site.start()
  for (let number = 0; number < 20; number += 1) await postOne(server.url, { random, history: site.history })
  await pause(scale(8000, 3000))
  const { pending, quarantined, state, last_error } = await syncStatus(server.url)
  tally.injected += hook.pushes()
  tally.figures['refuses all: pushes refused'] = hook.pushes()
  tally.figures['refuses all: state meanwhile'] = `${state}, ${last_error?.code}`
  if (pending !== 20 || quarantined !== 0) {
    tally.problems.push(`refuses all: ${pending} pending and ${quarantined} quarantined instead of 20 and 0`)
  }
  hook.remove()
  const seconds = await examine(tally, { site, server }, { after: 'refuses all', within: PATIENCE })
  tally.figures['refuses all: s from the fix to synchronized'] = seconds ?? 'never'
  say('refused everything')
  site.close()
}

async function refusesOne({ random, tally, say, openSite }: DrillContext): Promise<void> {
  const site = openSite()
  const { history } = site
  // As push protection does: looks at what is new, and refuses the push for one word in it.
  const hook = addHook(
    site,
    'while read old new ref; do git log --format= -p "$new" --not --all | grep -q POISON && exit 1; done; exit 0',
  )
  renameSync(site.repository, `${site.repository}.away`)
  const server = await site.start()
  const poison = random.integer(1, MESSAGES)
  for (let number = 1; number <= MESSAGES; number += 1) {
    await postOne(server.url, { random, history, words: number === poison ? 'POISON ' : '' })
  }
  renameSync(`${site.repository}.away`, site.repository)
  const settled = await until(async () => (await syncStatus(server.url)).pending === 0, PATIENCE)
  if (!settled) tally.problems.push('refuses one: the others did not get through')
  const most = 2 * Math.ceil(Math.log2(MESSAGES)) + 1
  tally.injected += 1
  tally.figures['refuses one: pushes until the poison was found'] =
    `${hook.pushes()}, at most ${most} allowed`
  if (hook.pushes() > most) tally.problems.push(`refuses one: ${hook.pushes()} pushes, more than ${most}`)
  await examine(tally, { site, server }, { after: 'refuses one', within: PATIENCE, quarantined: 1 })
  say(`refused message ${poison}, found with ${hook.pushes()} pushes`)
  site.close()
}

/** Lets the remote run something before it takes a push, and counts how often it does. */
function addHook({ repository, path }: Site, script: string) {
  const hook = join(repository, 'hooks/pre-receive')
  const pushes = join(path, 'pushes')
  writeFileSync(hook, `#!/bin/sh\necho push >> '${pushes}'\n${script}\n`, { mode: 0o755 })
  return {
    pushes: () => (existsSync(pushes) ? readFileSync(pushes, 'utf8').split('\n').length - 1 : 0),
    remove: () => rmSync(hook),
  }
}
