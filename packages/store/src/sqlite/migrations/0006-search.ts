import { type Kysely, type Migration, sql } from 'kysely'

/**
 * - `content=''`: without a second copy of the texts
 * - `ascii`: splits at spaces only, because the text is given as words that are split and folded already
 */
const search = sql`create virtual table search using fts5(content, content='', tokenize='ascii')`

const settings = [
  // What leaves the index is overwritten at once, and not marked as deleted until segments are merged.
  sql`insert into search (search, rank) values ('secure-delete', 1)`,
  // Transactions merge some pages themselves: by default, one in many merges thousands.
  sql`insert into search (search, rank) values ('automerge', 0)`,
]

const progress = [
  sql`create table search_progress (
    only_row integer primary key default 1 check (only_row = 1),
    indexed integer not null,
    until integer not null
  ) strict`,
  // Messages that are stored already are indexed later, in parts.
  sql`insert into search_progress (indexed, until) select 0, coalesce(max(id), 0) from messages`,
]

/** The search index. */
export const searchIndex: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of [search, ...settings, ...progress]) await statement.execute(queries)
  },
}
