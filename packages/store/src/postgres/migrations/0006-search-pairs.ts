import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/**
 * The pairs of neighbors among the characters of scripts that do not separate words, each after a space, or null. They are
 * indexed like words. All messages are indexed again, in parts.
 */
const searchPairs = (name: (table: string) => RawBuilder<unknown>) => [
  sql`alter table ${name('search_index')} add column pairs text collate "C"`,
  sql`create index search_index_pairs on ${name('search_index')}
    using gin ((replace(pairs, ' ', ' ' || (id / 4096)::text || '.')::tsvector))
    with (fastupdate = on, gin_pending_list_limit = 64) where pairs is not null`,
  sql`truncate ${name('search_index')}`,
  sql`update ${name('search_progress')} set indexed = 0, until = (select last_id from ${name('counters')})`,
]

export const createSearchPairs = (name: (table: string) => RawBuilder<unknown>): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of searchPairs(name)) await statement.execute(queries)
  },
})
