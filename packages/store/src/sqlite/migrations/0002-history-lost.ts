import { type Kysely, type Migration, sql } from 'kysely'

/** When the repository was found not to hold what was synchronized; null once nothing is pending again. */
export const historyLost: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`alter table cursor add column history_lost_at text`.execute(queries)
  },
}
