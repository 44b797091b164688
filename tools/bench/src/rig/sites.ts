import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store } from '@gitmsg/store'
import { openPostgresStore } from '@gitmsg/store/postgres'
import { countMessages } from '../data/bare-database.js'
import { inTemporaryFolder, onCopy } from '../data/folders.js'
import { git } from './git.js'
import { countOnPostgres, type Postgres } from './postgres.js'
import { SERVER_MAIN } from './programs.js'
import { startServer } from './server.js'

/** Servers that share one database and one remote. */
export interface Site {
  readonly urls: readonly string[]
  /** The processor time of all servers until now, in milliseconds. */
  serversMs(): number
  /** The same of the database's own processes; `undefined` if it has none. */
  databaseMs(): number | undefined
  /** How many messages are stored, how many of them are in the repository, and by how many transactions, if that shows. */
  count(): Promise<{ stored: number; synchronized: number; transactions?: number }>
  /** Kills the servers: what they acknowledged must be on the disk. */
  stop(): Promise<void>
}

interface SiteOptions {
  /** What is stored at the beginning. */
  readonly fixture: string
  /** Whether messages are synchronized meanwhile, with a file remote; otherwise another process holds the sync lock. */
  readonly synchronizes: boolean
}

/** Calls `work` with servers on a copy of a fixture. */
export type OnSite = <Result>(options: SiteOptions, work: (site: Site) => Promise<Result>) => Promise<Result>

/** One server on SQLite. */
export const onSqlite: OnSite = ({ fixture, synchronizes }, work) =>
  onCopy(fixture, 'gitmsg', async (folder) => {
    const path = join(folder, 'gitmsg.db')
    const database = {
      open: () => openStore({ path }),
      settings: { GITMSG_DATA_DIR: folder },
      count: async () => countMessages(path),
      processorMs: () => undefined,
    }
    return serve({ folder, servers: 1, synchronizes, database }, work)
  })

/** One server or more on one PostgreSQL. */
export const onPostgres =
  (postgres: Postgres, servers: number): OnSite =>
  ({ fixture, synchronizes }, work) =>
    onCopy(fixture, 'repositories', (folder) =>
      postgres.onCopy(fixture, (url) =>
        serve({ folder, servers, synchronizes, database: databaseOf(postgres, url) }, work),
      ),
    )

/** One server on the fixture itself: for what only reads, and takes long to copy. Nothing is synchronized. */
export const onPostgresItself = <Result>(
  postgres: Postgres,
  fixture: string,
  work: (site: Site) => Promise<Result>,
): Promise<Result> =>
  inTemporaryFolder(async (folder) => {
    const database = databaseOf(postgres, await postgres.move(fixture))
    return serve({ folder, servers: 1, synchronizes: false, database }, work)
  })

const databaseOf = (postgres: Postgres, url: string): Database => ({
  open: () => openPostgresStore({ url }),
  settings: { GITMSG_DATABASE_URL: url },
  count: () => countOnPostgres(url),
  processorMs: postgres.processorMs,
})

interface Database {
  open(): Promise<Store>
  readonly settings: Readonly<Record<string, string>>
  count: Site['count']
  processorMs: Site['databaseMs']
}

async function serve<Result>(
  parts: { folder: string; servers: number; synchronizes: boolean; database: Database },
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  const { folder, synchronizes, database } = parts
  const remote = join(folder, 'remote.git')
  if (!existsSync(remote)) await git(folder, 'init', '--quiet', '--bare', remote)
  const holder = synchronizes ? null : await holdSyncLock(database)
  const servers: Awaited<ReturnType<typeof startServer>>[] = []
  async function stop(): Promise<void> {
    for (const server of servers) await server.stop()
  }
  try {
    for (let number = 1; number <= parts.servers; number += 1) {
      const own = join(folder, `server-${number}`)
      await mkdir(own, { recursive: true })
      servers.push(await startServer(own, [SERVER_MAIN], { GITMSG_REMOTE: remote, ...database.settings }))
    }
    return await work({
      urls: servers.map(({ url }) => url),
      serversMs: () => servers.reduce((sum, server) => sum + server.processorMs(), 0),
      databaseMs: database.processorMs,
      count: database.count,
      stop,
    })
  } finally {
    await stop()
    await holder?.close()
  }
}

async function holdSyncLock({ open }: Database): Promise<Store> {
  const store = await open()
  if (!(await store.acquireSyncLock())) throw new Error('Another process holds the sync lock')
  return store
}
