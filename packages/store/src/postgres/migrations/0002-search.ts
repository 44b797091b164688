import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/**
 * - `words`: those of a message, folded, each after a space
 * - the index: of each word after the number of the message's partition, as in `12.deploy`. Entries of some hundred
 *   messages are pending in a list, because entering them together costs a third. Every search reads that list, and one
 *   post in some hundred empties it: so it is as short as it can be
 */
const search = (name: (table: string) => RawBuilder<unknown>) => [
  sql`create table ${name('search_index')} (
    id bigint primary key,
    words text collate "C" not null
  )`,
  sql`create index search_index_words on ${name('search_index')}
    using gin ((replace(words, ' ', ' ' || (id / 4096)::text || '.')::tsvector)) 
    with (fastupdate = on, gin_pending_list_limit = 64)`,
  sql`create table ${name('search_progress')} (
    only_row smallint primary key default 1 check (only_row = 1),
    indexed bigint not null,
    until bigint not null
  )`,
  // Messages that are stored already are indexed later, in parts.
  sql`insert into ${name('search_progress')} (indexed, until) select 0, last_id from ${name('counters')}`,
]

/** The search index. */
export const createSearchIndex = (name: (table: string) => RawBuilder<unknown>): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of search(name)) await statement.execute(queries)
  },
})
