import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { onCleanup } from '../../rig/cleanup.js'
import { type Injection, straceArguments, straceObstacle, wasInjected } from '../../rig/strace.js'
import { timed, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

/** Which calls fail, with which error, and the number of such calls that a few posts make at most. */
const FAILURES = [
  { calls: 'fsync,fdatasync', error: 'EIO', points: 12 },
  { calls: 'pwrite64', error: 'EIO', points: 12 },
  { calls: 'pwrite64', error: 'ENOSPC', points: 12 },
  // The calls that start git, possibly a moment after the post.
  { calls: 'socketpair,pipe2,openat', error: 'EMFILE', points: 6, lingerMs: 3_000 },
]
const ATTACH_TIMEOUT_MS = 5_000
const RECOVERY_TIMEOUT_MS = 30_000

/** F5: the Nth call of a running server fails, once or with all calls after it. */
export const serverErrors: Drill = {
  name: 'server-errors',
  title: 'EIO, ENOSPC and EMFILE at every call of a running server, once and from then on',
  obstacle: straceObstacle,
  async run(context) {
    for (const { calls, error, points, lingerMs = 0 } of FAILURES) {
      for (const onwards of [false, true]) {
        const before = context.tally.injected
        for (let at = 1; at <= points; at += context.scale(1, 6)) {
          await survives(context, { calls, what: `error=${error}`, at, onwards }, lingerMs)
        }
        if (context.tally.injected === before)
          context.tally.problems.push(`${error} at ${calls}: nothing was injected`)
        context.log(`${error} at ${calls}${onwards ? ' from then on' : ' once'}`)
      }
    }
  },
}

async function survives(
  { random, tally, openSite }: DrillContext,
  injection: Injection,
  lingerMs: number,
): Promise<void> {
  const { calls, what, at, onwards } = injection
  const after = `${what} at ${calls} ${at}${onwards ? ' and on' : ''}`
  const site = openSite({ remote: false })
  const { history } = site
  const server = await site.start()
  await postOne(server.url, { random, history })
  const log = join(site.path, 'calls')
  const strace = spawn('strace', [...straceArguments(injection, log), '-p', String(server.pid)], {
    stdio: 'ignore',
  })
  // strace exits by itself when the server does.
  const exited = once(strace, 'exit')
  const detach = onCleanup(() => void strace.kill('SIGINT'))
  await until(() => existsSync(log), ATTACH_TIMEOUT_MS)
  for (let number = 0; number < 8; number += 1) {
    const status = await postOne(server.url, { random, history })
    count(tally, `responses with ${status} meanwhile`)
  }
  await until(() => wasInjected(log, injection), lingerMs)
  detach()
  await exited
  if (wasInjected(log, injection)) {
    tally.injected += 1
    count(tally, `points of ${what} at ${calls}${onwards ? ' and on' : ''}`)
  }

  // The errors are over: the server must accept messages again by itself.
  const { seconds, result } = await timed(() =>
    until(
      async () => !server.isAlive() || (await postOne(server.url, { random, history })) === 201,
      RECOVERY_TIMEOUT_MS,
    ),
  )
  if (!result) tally.problems.push(`${after}: nothing was accepted within 30 s after the errors ended`)
  tally.figures['s to accepting again, at most'] = Math.max(
    seconds,
    Number(tally.figures['s to accepting again, at most'] ?? 0),
  )
  if (!server.isAlive()) tally.problems.push(`${after}: the server exited`)
  else await examine(tally, { site, server }, { after, withinMs: 60_000 })
  // The promises must hold for what is on the disk, not only for what is in memory.
  await server.stop('SIGKILL', 'with-children')
  const again = await site.start()
  await examine(tally, { site, server: again }, { after: `${after}, and restarted`, withinMs: 60_000 })
  site.close()
}
