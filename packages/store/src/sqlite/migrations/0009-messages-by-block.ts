import { type Kysely, type Migration, sql } from 'kysely'

/** The times of the messages in each block of ids, so that a list within times long ago skips the newer blocks. */
export const messagesByBlock: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`create index messages_by_block on messages (id / 4096, timestamp)`.execute(queries)
  },
}
