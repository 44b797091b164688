import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncStatus } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { percentile, postOne, startLoad } from '../../oracle/load.js'
import type { Site } from '../../rig/site.js'
import { pause, until } from '../../rig/wait.js'
import type { Drill, DrillContext } from '../drill.js'

const MESSAGES = 200
/** After a long failure the next attempt may be a minute away. */
const SYNC_TIMEOUT_MS = 90_000

/** F14, F17, F18: the remote is missing, rejects everything, or rejects one message. */
export const remoteAway: Drill = {
  name: 'remote-away',
  title: 'a remote that is away, rejects everything, or rejects one message in 200',
  async run(context) {
    await isAway(context)
    await rejectsAll(context)
    await rejectsOne(context)
  },
}

async function isAway({ random, tally, log, openSite, scale }: DrillContext): Promise<void> {
  const site = openSite()
  const server = await site.start()
  const { history } = site
  const load = startLoad({ urls: [server.url], clients: 4, random, history, pauseMs: 5 })
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
  const seconds = await examine(tally, { site, server }, { after: 'away', withinMs: SYNC_TIMEOUT_MS })
  tally.figures['away: s from back to synchronized'] = seconds ?? 'never'
  log(`was away with ${pending} pending`)
  site.close()
}

async function rejectsAll({ random, tally, log, openSite, scale }: DrillContext): Promise<void> {
  const site = openSite()
  const hook = addHook(site, 'exit 1')
  const server = await site.start()
  for (let number = 0; number < 20; number += 1) await postOne(server.url, { random, history: site.history })
  await pause(scale(8000, 3000))
  const { pending, quarantined, state, last_error } = await syncStatus(server.url)
  tally.injected += hook.pushes()
  tally.figures['rejects all: pushes rejected'] = hook.pushes()
  tally.figures['rejects all: state meanwhile'] = `${state}, ${last_error?.code}`
  if (pending !== 20 || quarantined !== 0) {
    tally.problems.push(`rejects all: ${pending} pending and ${quarantined} quarantined instead of 20 and 0`)
  }
  hook.remove()
  const seconds = await examine(tally, { site, server }, { after: 'rejects all', withinMs: SYNC_TIMEOUT_MS })
  tally.figures['rejects all: s from the fix to synchronized'] = seconds ?? 'never'
  log('rejected everything')
  site.close()
}

async function rejectsOne({ random, tally, log, openSite }: DrillContext): Promise<void> {
  const site = openSite()
  const { history } = site
  // Like push protection: rejects a push if its new content contains a word.
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
  const drained = await until(async () => (await syncStatus(server.url)).pending === 0, SYNC_TIMEOUT_MS)
  if (!drained) tally.problems.push('rejects one: the other messages did not get through')
  const maxPushes = 2 * Math.ceil(Math.log2(MESSAGES)) + 1
  tally.injected += 1
  tally.figures['rejects one: pushes until the rejected message was found'] =
    `${hook.pushes()}, at most ${maxPushes} allowed`
  if (hook.pushes() > maxPushes)
    tally.problems.push(`rejects one: ${hook.pushes()} pushes, more than ${maxPushes}`)
  await examine(tally, { site, server }, { after: 'rejects one', withinMs: SYNC_TIMEOUT_MS, quarantined: 1 })
  log(`rejected message ${poison}, found with ${hook.pushes()} pushes`)
  site.close()
}

/** Makes the remote run a script before it accepts a push, and counts the pushes. */
function addHook({ repository, path }: Site, script: string) {
  const hook = join(repository, 'hooks/pre-receive')
  const pushes = join(path, 'pushes')
  writeFileSync(hook, `#!/bin/sh\necho push >> '${pushes}'\n${script}\n`, { mode: 0o755 })
  return {
    pushes: () => (existsSync(pushes) ? readFileSync(pushes, 'utf8').split('\n').length - 1 : 0),
    remove: () => rmSync(hook),
  }
}
