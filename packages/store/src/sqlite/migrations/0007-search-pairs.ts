import { type Kysely, type Migration, sql } from 'kysely'

const settings = [
  // Of eight segments at once: with fewer, posts write more; with more, searches read more.
  sql`insert into search (search, rank) values ('usermerge', 8)`,
  // Only so many of one size are merged by one transaction, whatever that takes.
  sql`insert into search (search, rank) values ('crisismerge', 64)`,
]

/** Larger partitions, and pairs of neighbors: the messages are indexed again, in parts. */
const rebuild = [
  sql`insert into search (search) values ('delete-all')`,
  sql`update search_progress set indexed = 0, until = (select coalesce(max(id), 0) from messages)`,
]

/** Replaces a search index of the first form. */
export const searchPairs: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of [...settings, ...rebuild]) await statement.execute(queries)
  },
}
