import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CuttingProxy } from '@gitmsg/test-postgres/cutting-proxy'
import { query } from '@gitmsg/test-postgres/databases'
import type { EmbeddedCluster } from '@gitmsg/test-postgres/embedded-cluster'
import { onCleanup } from '../../rig/cleanup.js'
import { until } from '../../rig/wait.js'
import { openDatabase, openProxy } from './fleet.js'

const FOLLOWING_TIMEOUT_MS = 30_000
const STANDBY = 'standby'

/** A PostgreSQL with a standby that follows it. */
export interface Pair {
  readonly primary: EmbeddedCluster
  readonly standby: EmbeddedCluster
  /** Between the servers and the primary. */
  readonly proxy: CuttingProxy
  /** Between the standby and the primary. */
  readonly replication: CuttingProxy
  /** Makes the standby the primary, and sends the servers there. */
  promote(): Promise<void>
}

/** Starts both. If the standby is synchronous, a commit of the primary waits until the standby has it on its disk. */
export async function openPair({ isSynchronous }: { isSynchronous: boolean }): Promise<Pair> {
  const primary = await openDatabase({ settings: { wal_keep_size: '512MB' } })
  await primary.stop()
  const standby = await primary.copy()
  onCleanup(() => standby.remove())
  writeFileSync(join(standby.data, 'standby.signal'), '')
  await primary.start(isSynchronous ? { synchronous_standby_names: STANDBY } : {})
  const replication = await openProxy(primary.url)
  await standby.start({ primary_conninfo: describeConnection(replication.url) })
  const isFollowing = `select from pg_stat_replication where state = 'streaming'
    and application_name = '${STANDBY}' and sync_state = '${isSynchronous ? 'sync' : 'async'}'`
  if (!(await until(async () => (await query(primary.url, isFollowing)).length > 0, FOLLOWING_TIMEOUT_MS)))
    throw new Error('The standby does not follow.')
  const proxy = await openProxy(primary.url)

  return {
    primary,
    standby,
    proxy,
    replication,
    async promote() {
      await query(standby.url, 'select pg_promote()')
      proxy.pointTo(standby.url)
    },
  }
}

function describeConnection(url: string): string {
  const { hostname, port, username, password } = new URL(url)
  return `host=${hostname} port=${port} user=${username} password=${password} application_name=${STANDBY}`
}
