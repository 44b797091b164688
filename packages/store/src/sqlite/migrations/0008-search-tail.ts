import { type Kysely, type Migration, sql } from 'kysely'

const statements = [
  sql`alter table search_progress add column tail_after integer not null default 0`,
  sql`update search_progress set tail_after = (select coalesce(max(id), 0) from messages)`,
]

/** New messages wait for each other before they are indexed. */
export const searchTail: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await statement.execute(queries)
  },
}
