import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Times in the order of the ids, so that a page within times reads no message that it does not list. The index that is
 * dropped had one entry to rewrite for each message that was synchronized; the outbox holds the same information.
 */
export const timestampById: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`create index messages_by_id on messages (id, timestamp)`.execute(queries)
    await sql`drop index messages_by_is_synchronized`.execute(queries)
  },
}
