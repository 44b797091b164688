import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { pushForeignCommit } from '../../rig/foreign-commit.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { type Situation, situations } from './situations.js'

const RECOVERY_TIMEOUT_MS = 30_000

/** F25: the files that a killed git leaves behind. */
const LEFTOVERS: readonly string[] = [
  'HEAD.lock',
  'config.lock',
  'packed-refs.lock',
  'index.lock',
  'shallow.lock',
  'refs/heads/main.lock',
  'refs/gitmsg/outgoing.lock',
  'refs/remotes/origin/main.lock',
  'objects/maintenance.lock',
  'gc.pid',
  'objects/pack/tmp_pack_drill',
  'objects/ab/tmp_obj_drill',
]

/** Seconds from now: locks made at this moment, and locks made before the clock was set back. */
const AGE_OFFSETS_S = { young: 0, 'from the future': 3600 }

/** Locks that no process holds must not block anything for long. */
export const staleLocks: Drill = {
  name: 'stale-locks',
  title: 'every kind of stale lock in the local repository, with the server stopped and running',
  async run(context) {
    for (const leftover of LEFTOVERS) {
      for (const situation of situations) await recoversAfter(context, { leftover, age: 'young' }, situation)
    }
    for (const situation of situations) {
      await recoversAfter(context, { leftover: 'refs/heads/main.lock', age: 'from the future' }, situation)
    }
  },
}

async function recoversAfter(
  { random, tally, log, openSite }: DrillContext,
  { leftover, age }: { leftover: string; age: keyof typeof AGE_OFFSETS_S },
  { situation, stopped, remote }: Situation,
): Promise<void> {
  const name = `${leftover}, ${age}, ${situation}`
  const site = openSite({ remote })
  const { history } = site
  let server = await site.start()
  for (let number = 0; number < 3; number += 1) await postOne(server.url, { random, history })
  await fetch(new URL('sync', server.url), { method: 'POST' })
  if (stopped) await server.stop()
  const path = join(site.localRepository, leftover)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  const made = Date.now() / 1000 + AGE_OFFSETS_S[age]
  utimesSync(path, made, made)
  tally.injected += 1
  // With this the server has to update its own copy of the branch, not only to push.
  if (site.remote) pushForeignCommit(site.remote, site.path)
  if (stopped) server = await site.start()
  await postOne(server.url, { random, history })
  const seconds = await examine(tally, { site, server }, { after: name, withinMs: RECOVERY_TIMEOUT_MS })
  tally.figures[name] = seconds === null ? 'not recovered' : `${seconds} s`
  if (seconds !== null) count(tally, 'recovered')
  log(`${name}: ${tally.figures[name]}`)
  site.close()
}
