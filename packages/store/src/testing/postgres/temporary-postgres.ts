import { createDatabase, query } from '@gitmsg/test-postgres'
import { openPostgresStore } from '../../postgres/index.js'

/** What the tables have in a new database, without the epoch. */
const EMPTY = `
  delete from gitmsg.messages; delete from gitmsg.versions; delete from gitmsg.outbox; delete from gitmsg.topics;
  delete from gitmsg.idempotency_keys; delete from gitmsg.feed_order;
  update gitmsg.counters set last_id = 0, position = 0, sequence = 0, version_number = 0, pending = 0,
    quarantined = 0, revision = 0;
  update gitmsg.cursor set "commit" = null, format = null, last_synchronized_at = null, history_lost_at = null,
    rank = 1000000000, must_compact = 0;
  update gitmsg.sync_lease set holder = null, expires_at = null`

/** Empty databases on one server, for one test after the other. */
export interface TemporaryDatabases {
  /** The URL of an empty database, which has the tables already. */
  take(): Promise<string>
  /** Empties a database, once nothing uses it any more. */
  giveBack(url: string): Promise<void>
  /** Removes all databases. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Keeps databases for tests: emptying one takes some milliseconds, creating one some hundred. */
export function createTemporaryDatabases(server: string): TemporaryDatabases {
  const all: Awaited<ReturnType<typeof createDatabase>>[] = []
  const free: string[] = []

  async function create(): Promise<string> {
    const database = await createDatabase(server)
    all.push(database)
    await (await openPostgresStore({ url: database.url })).close()
    return database.url
  }

  return {
    take: async () => free.pop() ?? create(),
    async giveBack(url) {
      await query(url, EMPTY)
      free.push(url)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((database) => database.drop()))
    },
  }
}
