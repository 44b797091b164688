import { type Kysely, type Migration, sql } from 'kysely'

/** The id that a message got in the database where it was posted, under the name that the code has for it. */
export const originId: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`alter table messages rename column file_id to origin_id`.execute(queries)
  },
}
