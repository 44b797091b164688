import { type Kysely, type Migration, sql } from 'kysely'

/** Renames the column for the id that a message has in the database where it was created. */
export const originId: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`alter table messages rename column file_id to origin_id`.execute(queries)
  },
}
