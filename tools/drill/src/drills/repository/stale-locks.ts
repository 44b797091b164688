import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { count, type Drill, type DrillContext } from '../../drill.js'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { pushForeignCommit } from '../../rig/foreign-commit.js'
import { type Situation, situations } from './situations.js'

const HEALED_WITHIN = 30_000

/** F25: what a git that was killed leaves behind. */
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

/** Seconds since now: of this moment, and from before the clock was set back. */
const AGES = { young: 0, 'from the future': 3600 }

/** Locks that nobody holds any more must not stop anything for long. */
export const locks: Drill = {
  name: 'stale-locks',
  title: 'every kind of stale lock in the local repository, with the server stopped and running',
  async run(context) {
    for (const leftover of LEFTOVERS) {
      for (const situation of situations) await healsAfter(context, { leftover, age: 'young' }, situation)
    }
    for (const situation of situations) {
      await healsAfter(context, { leftover: 'refs/heads/main.lock', age: 'from the future' }, situation)
    }
  },
}

async function healsAfter(
  { random, tally, say, openSite }: DrillContext,
  { leftover, age }: { leftover: string; age: keyof typeof AGES },
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
  const made = Date.now() / 1000 + AGES[age]
  utimesSync(path, made, made)
  tally.injected += 1
  // So the server has to write its own copy of the branch, and not only to push.
  if (site.remote) pushForeignCommit(site.remote, site.path)
  if (stopped) server = await site.start()
  await postOne(server.url, { random, history })
  const seconds = await examine(tally, { site, server }, { after: name, within: HEALED_WITHIN })
  tally.figures[name] = seconds === null ? 'not healed' : `${seconds} s`
  if (seconds !== null) count(tally, 'healed')
  say(`${name}: ${tally.figures[name]}`)
  site.close()
}
