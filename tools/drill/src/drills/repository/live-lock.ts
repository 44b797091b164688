import { spawn } from 'node:child_process'
import { existsSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { onCleanup } from '../../rig/cleanup.js'
import { isInstalled } from '../../rig/shell.js'
import { pause, until } from '../../rig/wait.js'
import type { Drill, DrillContext } from '../drill.js'

/** F26: a lock that a process still holds is not removed, however old it is. */
export const liveLock: Drill = {
  name: 'live-lock',
  title: 'a lock that a living process holds open for a while, with the server stopped and running',
  obstacle: () => (isInstalled('flock') ? null : 'flock is not installed'),
  async run(context) {
    await respects(context, 'stopped')
    await respects(context, 'running')
  },
}

async function respects(
  { random, tally, log, openSite, scale }: DrillContext,
  when: 'stopped' | 'running',
): Promise<void> {
  const site = openSite()
  const { history } = site
  let server = await site.start()
  await postOne(server.url, { random, history })
  await fetch(new URL('sync', server.url), { method: 'POST' })
  if (when === 'stopped') await server.stop()

  const lock = join(site.localRepository, 'refs/heads/main.lock')
  const holder = spawn('flock', [lock, 'sleep', '1000'], { stdio: 'ignore', detached: true })
  const release = onCleanup(() => void process.kill(-Number(holder.pid), 'SIGKILL'))
  await until(() => existsSync(lock), 5000)
  const anHourAgo = Date.now() / 1000 - 3600
  utimesSync(lock, anHourAgo, anHourAgo)
  tally.injected += 1

  if (when === 'stopped') server = await site.start()
  await postOne(server.url, { random, history })
  await pause(scale(10_000, 4_000))
  const isStolen = !existsSync(lock)
  if (isStolen) tally.problems.push(`${when}: the lock of a living process was removed`)
  tally.figures[`${when}: lock stolen`] = isStolen ? 'yes' : 'no'
  // The holder releases its lock as git would.
  release()
  rmSync(lock, { force: true })
  const seconds = await examine(tally, { site, server }, { after: when, withinMs: 30_000 })
  tally.figures[`${when}: s to synchronized after its end`] = seconds ?? 'never'
  log(`${when}: ${isStolen ? 'stolen' : 'not stolen'}`)
  site.close()
}
