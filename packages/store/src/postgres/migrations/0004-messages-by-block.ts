import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/** The times of the messages in each block of ids, so that a list within times long ago skips the newer blocks. */
export const createMessagesByBlock = (name: (table: string) => RawBuilder<unknown>): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`create index messages_by_block on ${name('messages')} ((id / 4096), timestamp)`.execute(queries)
  },
})
