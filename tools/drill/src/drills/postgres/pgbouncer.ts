import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { query } from '@gitmsg/test-postgres/databases'
import { type EmbeddedCluster, embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import { onCleanup } from '../../rig/cleanup.js'
import { isInstalled } from '../../rig/shell.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet } from './examine-fleet.js'
import { openDatabase, openFleet, untilReady } from './fleet.js'
import { noteResponses, startWriting } from './writers.js'

const START_TIMEOUT_MS = 10_000
/** PgBouncer does not run as root. */
const NOBODY = 65_534

/** A pooler whose connections have no session of their own. */
export const postgresPgbouncer: Drill = {
  name: 'postgres-pgbouncer',
  title:
    'three servers on PostgreSQL through PgBouncer in transaction mode, which is killed and started again',
  obstacle: () => embeddedObstacle() ?? (isInstalled('pgbouncer') ? null : 'pgbouncer is not installed'),
  async run(context) {
    const { random, tally, log, scale } = context
    const database = await openDatabase()
    const pooler = createPooler(database)
    await pooler.start()
    const fleet = await openFleet(context, pooler.url, { GITMSG_DATABASE_LISTEN_URL: database.url })
    const writing = startWriting(context, fleet)
    let slowest = 0
    for (let kill = 0; kill < scale(10, 3); kill += 1) {
      await pause(random.integer(1_000, 2_000))
      await pooler.kill()
      tally.injected += 1
      await pause(random.integer(0, 3_000))
      await pooler.start()
      slowest = Math.max(slowest, await untilReady(context, fleet))
    }
    await writing.stop()
    noteResponses(tally, writing)
    tally.figures['s until all were ready, at most'] = slowest
    await judgeTransactionMode(context, database)
    const seconds = await examineFleet(context, { fleet, url: database.url, after: 'PgBouncer killed' })
    tally.figures['s until all was synchronized'] = seconds
    log(`${tally.injected} kills, synchronized after ${seconds} s`)
    await fleet.stop()
  },
}

/** Fewer backends than the servers have connections, or it was not the transaction mode. */
async function judgeTransactionMode({ tally }: DrillContext, { url }: EmbeddedCluster): Promise<void> {
  const backends = await query(url, "select from pg_stat_activity where application_name = 'gitmsg'")
  const listeners = await query(url, "select from pg_stat_activity where application_name = 'gitmsg hints'")
  count(tally, 'backends of all servers', backends.length)
  if (backends.length > POOL_SIZE) tally.problems.push('PgBouncer did not share its connections.')
  if (listeners.length === 0) tally.problems.push('No server listens to PostgreSQL itself.')
}

const POOL_SIZE = 5

/** A PgBouncer that is not running yet. */
function createPooler(database: EmbeddedCluster) {
  const { hostname, port, username, password } = new URL(database.url)
  const file = join(database.data, '..', 'pgbouncer.ini')
  const own = Number(port) + 1
  writeFileSync(
    file,
    `[databases]
postgres = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
max_client_conn = 200
`,
  )
  chmodSync(file, 0o644)
  const url = `postgres://${username}@127.0.0.1:${own}/postgres`
  let running: ChildProcess | undefined

  return {
    url,
    async start(): Promise<void> {
      const isRoot = process.getuid?.() === 0
      const pooler = spawn('pgbouncer', [file], {
        stdio: 'ignore',
        ...(isRoot && { uid: NOBODY, gid: NOBODY }),
      })
      running = pooler
      onCleanup(() => void pooler.kill('SIGKILL'))
      if (!(await until(() => canConnect(url), START_TIMEOUT_MS)))
        throw new Error('PgBouncer does not start.')
    },
    async kill(): Promise<void> {
      if (!running) return
      const exit = once(running, 'exit')
      running.kill('SIGKILL')
      await exit
    },
  }
}

const canConnect = (url: string): Promise<boolean> =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  )
