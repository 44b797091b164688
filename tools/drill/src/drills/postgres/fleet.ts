import { type CuttingProxy, startCuttingProxy } from '@gitmsg/test-postgres/cutting-proxy'
import {
  type ClusterOptions,
  createEmbeddedCluster,
  type EmbeddedCluster,
} from '@gitmsg/test-postgres/embedded-cluster'
import { onCleanup } from '../../rig/cleanup.js'
import type { History } from '../../rig/history.js'
import type { RunningServer } from '../../rig/server.js'
import type { Site } from '../../rig/site.js'
import { timed, until } from '../../rig/wait.js'
import type { DrillContext } from '../drill.js'

const SERVERS = 3
const READY_TIMEOUT_MS = 90_000

/** Servers with data folders of their own, on one database and one remote. */
export interface Fleet {
  readonly sites: readonly Site[]
  /** Those that are restarted are replaced here. */
  readonly servers: RunningServer[]
  /** The bare repository that all push to. */
  readonly repository: string
  /** What the clients of all servers remember. */
  readonly history: History
  readonly settings: Readonly<Record<string, string>>
  /** Starts the server of this index again. */
  restart(index: number): Promise<void>
  stop(): Promise<void>
}

/** Starts three servers on the database of this URL. */
export async function openFleet(
  { openSite }: DrillContext,
  url: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Fleet> {
  const first = openSite()
  const sites = [first, ...Array.from({ length: SERVERS - 1 }, () => openSite({ remote: false }))]
  const settings = { GITMSG_DATABASE_URL: url, GITMSG_REMOTE: first.repository, ...more }
  const servers: RunningServer[] = []
  for (const site of sites) servers.push(await site.start(settings))
  return {
    sites,
    servers,
    repository: first.repository,
    history: first.history,
    settings,
    async restart(index) {
      servers[index] = await (sites[index] as Site).start(settings)
    },
    async stop() {
      for (const server of servers) await server.stop()
    },
  }
}

/** Resolves with the seconds until every server was ready. */
export async function untilReady({ tally }: DrillContext, { servers }: Fleet): Promise<number> {
  const { seconds, result } = await timed(() =>
    Promise.all(servers.map(({ url }) => until(() => isReady(url), READY_TIMEOUT_MS))),
  )
  if (result.includes(null)) tally.problems.push('A server was not ready after the database was back.')
  return seconds
}

const isReady = async (url: string): Promise<boolean> => (await fetch(new URL('readyz', url))).status === 200

/** What a database needs that must lose nothing when it crashes. */
const DURABLE = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'replica',
  shared_buffers: '64MB',
}

/** Starts a PostgreSQL that is durable. */
export async function openDatabase(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
  const settings = { ...DURABLE, ...options.settings }
  const database = await createEmbeddedCluster({ ...options, settings })
  onCleanup(() => database.remove())
  await database.start()
  return database
}

/** Starts a proxy for the database of this URL. */
export async function openProxy(url: string): Promise<CuttingProxy> {
  const proxy = await startCuttingProxy(url)
  onCleanup(() => void proxy[Symbol.asyncDispose]())
  return proxy
}
