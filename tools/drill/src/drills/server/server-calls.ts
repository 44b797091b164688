import { join } from 'node:path'
import { examine, untilSynchronized } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { type Injection, straceArguments, straceObstacle, wasInjected } from '../../rig/strace.js'
import { until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

/** Calls that change something or announce a change. `openat` is omitted: hundreds of them only load the program. */
const CALLS = [
  'pwrite64',
  'fsync,fdatasync',
  'ftruncate',
  'mkdir',
  'rename',
  'link',
  'unlink',
  'write,writev',
]

const SYNC_TIMEOUT_MS = 10_000

/** F4: the first start, post and synchronization, killed at every relevant system call of the server. */
export const serverCalls: Drill = {
  name: 'server-calls',
  title: 'kill -9 at every system call of the server, from its first start to the first message synchronized',
  obstacle: straceObstacle,
  async run(context) {
    const { tally, scale, log } = context
    for (const calls of CALLS) {
      let at = 1
      while (await diesAt(context, { calls, what: 'signal=SIGKILL', at })) {
        count(tally, `points at ${calls}`)
        at += scale(1, 12)
      }
      log(`${calls}: up to call ${at}`)
    }
  },
}

/** Kills a new server at one call; resolves with whether the server made that call at all. */
async function diesAt({ random, tally, openSite }: DrillContext, injection: Injection): Promise<boolean> {
  const site = openSite({ remote: false })
  const { history } = site
  const log = join(site.path, 'calls')
  const traced = await site.tryToStart({}, ['strace', ...straceArguments(injection, log)])
  if (typeof traced !== 'string') {
    await postOne(traced.url, { random, history })
    const synchronized = () => untilSynchronized(traced.url, 0).catch(() => null)
    await until(async () => !traced.isAlive() || (await synchronized()), SYNC_TIMEOUT_MS)
    await traced.stop()
  }
  const injected = wasInjected(log, injection)
  if (injected) {
    tally.injected += 1
    const after = `killed at ${injection.calls} ${injection.at}`
    const server = await site.start()
    await postOne(server.url, { random, history })
    await examine(tally, { site, server }, { after, withinMs: 30_000 })
  }
  site.close()
  return injected
}
