import { join } from 'node:path'
import { openStore } from '@gitmsg/store'
import { copyStore, openPostgresStore } from '@gitmsg/store/postgres'
import { createDatabase, query, type TestDatabase } from '@gitmsg/test-postgres/databases'
import { createEmbeddedCluster } from '@gitmsg/test-postgres/embedded-cluster'
import { onCopy } from '../data/folders.js'
import { processorMsOfFamily } from './process-usage.js'

/** As PostgreSQL is installed: what it has committed is on the disk, beside the folders of the other contenders. */
const INSTALLED = {
  fsync: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  max_wal_senders: '10',
  shared_buffers: '128MB',
  max_connections: '300',
}

/** A durable PostgreSQL. */
export interface Postgres extends AsyncDisposable {
  /** A database with the messages of a fixture, made once. */
  move(fixture: string): Promise<string>
  /** Calls `work` with the URL of a copy of that database. */
  onCopy<Result>(fixture: string, work: (url: string) => Promise<Result>): Promise<Result>
  /** The processor time of all its processes until now, in milliseconds. */
  processorMs(): number
}

/** Starts a PostgreSQL for a part of the benchmark. */
export async function startPostgres(): Promise<Postgres> {
  const server = await createEmbeddedCluster({ settings: INSTALLED })
  await server.start()
  const databases = new Map<string, Promise<TestDatabase>>()

  async function move(fixture: string): Promise<string> {
    const moving = databases.get(fixture) ?? moveFixture(server.url, fixture)
    databases.set(fixture, moving)
    return (await moving).url
  }

  return {
    move,
    async onCopy(fixture, work) {
      const { url, drop } = await createDatabase(server.url, await move(fixture))
      try {
        // What the copy has left to write is not a cost of what follows.
        await query(server.url, 'checkpoint')
        return await work(url)
      } finally {
        await drop()
      }
    },
    processorMs: () => processorMsOfFamily(server.pid ?? 0),
    async [Symbol.asyncDispose]() {
      await server.stop()
      server.remove()
    },
  }
}

async function moveFixture(server: string, fixture: string): Promise<TestDatabase> {
  process.stderr.write('  moving messages to PostgreSQL\n')
  const database = await createDatabase(server)
  // The positions of the original get another epoch, so it is a copy.
  await onCopy(fixture, 'database', async (folder) => {
    const path = join(folder, 'gitmsg.db')
    await (await openStore({ path })).close()
    await copyStore({ from: { path }, to: { url: database.url } })
  })
  const store = await openPostgresStore({ url: database.url })
  await store.buildSearchIndex()
  await store.close()
  // As PostgreSQL does by itself, sooner or later.
  await query(database.url, 'vacuum analyze')
  return database
}

/** How many messages are stored, how many of them are in the repository, and how many transactions have posted them. */
export async function countOnPostgres(url: string): Promise<StoredOnPostgres> {
  // Settling changes messages, so their transactions are known by their words, which it leaves alone.
  const [row] = await query<Record<keyof StoredOnPostgres, string>>(
    url,
    `select (select count(*) from gitmsg.messages) as stored,
      (select count(git_hash) from gitmsg.messages) as synchronized,
      (select count(distinct xmin::text) from gitmsg.search_index) as transactions`,
  )
  if (!row) throw new Error('Nothing was counted')
  const { stored, synchronized, transactions } = row
  return { stored: Number(stored), synchronized: Number(synchronized), transactions: Number(transactions) }
}

export interface StoredOnPostgres {
  readonly stored: number
  readonly synchronized: number
  readonly transactions: number
}
