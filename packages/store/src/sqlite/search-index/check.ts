import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database/database.js'
import type { Schema } from '../../database/schema.js'
import type { SearchIndexState } from '../../message-query.js'
import type { Store } from '../../store.js'
import { isSearchIndexDamage, StoreError } from '../../store-error.js'
import { PARTITION_SIZE, partitionKey, partitionOf, termsOf } from './entries.js'
import { createWordTotals, type WordTotals } from './word-totals.js'
import { readProgress } from './writer.js'

const MESSAGES_PER_READ = 100
const WORDS_PER_READ = 1_000

/** Reads the index by its words; it belongs to this connection. */
const CREATE_WORDS = sql`create virtual table if not exists temp.search_words using fts5vocab('main', 'search', 'instance')`

/** @see {@link Store.checkSearchIndex} */
export function createCheckSearchIndex(database: Database): Store['checkSearchIndex'] {
  return async ({ signal } = {}) => {
    await database.read(({ queries }) => CREATE_WORDS.execute(queries))
    for (let first = 0; ; ) {
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      const id = await database.read(({ queries }) => nextId(queries, first))
      if (id === null) return 'equal'
      const partition = partitionOf(id)
      const state = await database.snapshot(({ queries }) => comparePartition(queries, partition))
      if (state !== 'equal') return state
      first = (partition + 1) * PARTITION_SIZE
    }
  }
}

async function comparePartition(queries: Kysely<Schema>, partition: number): Promise<SearchIndexState> {
  const { indexed, until, tail_after: last } = await readProgress(queries)
  if (indexed < until) return 'incomplete'
  try {
    return (await isEqual(queries, partition, last)) ? 'equal' : 'different'
  } catch (error) {
    if (isSearchIndexDamage(error)) return 'different'
    throw error
  }
}

/** The lowest id from `first` on that a message or an entry of the index has. */
async function nextId(queries: Kysely<Schema>, first: number): Promise<number | null> {
  const { rows } = await sql<{ id: number | null }>`
    select min(id) as id from (
      select min(id) as id from messages where id >= ${first}
      union all select min(id) from search_docsize where id >= ${first}
    )
  `.execute(queries)
  return rows[0]?.id ?? null
}

/** Whether the index has the words of the messages of a partition, up to the `last` id, in their places, and no others. */
async function isEqual(queries: Kysely<Schema>, partition: number, last: number): Promise<boolean> {
  const totals = createWordTotals()
  const ids = await addMessages(queries, { partition, last }, totals)
  const entries = await sql<{ id: number }>`
    select id from search_docsize where id >= ${partition * PARTITION_SIZE} and id < ${(partition + 1) * PARTITION_SIZE}
  `.execute(queries)
  if (entries.rows.length !== ids.size || !entries.rows.every(({ id }) => ids.has(id))) return false
  await subtractIndex(queries, partition, totals)
  return totals.areZero()
}

async function addMessages(
  queries: Kysely<Schema>,
  { partition, last }: { partition: number; last: number },
  totals: WordTotals,
): Promise<Set<number>> {
  const ids = new Set<number>()
  const key = partitionKey(partition)
  const end = Math.min((partition + 1) * PARTITION_SIZE, last + 1)
  for (let after = partition * PARTITION_SIZE - 1; ; await nextTurn()) {
    const { rows } = await sql<{ id: number; content: string }>`
      select id, content from messages
      where id > ${after} and id < ${end} and kind = 0 order by id limit ${MESSAGES_PER_READ}
    `.execute(queries)
    for (const { id, content } of rows) {
      ids.add(id)
      for (const [place, term] of termsOf(content).entries()) totals.add(key + term, 1, placeOf(id, place))
    }
    if (rows.length < MESSAGES_PER_READ) return ids
    after = rows.at(-1)?.id ?? end
  }
}

async function subtractIndex(queries: Kysely<Schema>, partition: number, totals: WordTotals): Promise<void> {
  for (let last = partitionKey(partition), end = `${last}\u{10ffff}`; ; await nextTurn()) {
    const { rows } = await sql<{ term: string; count: number; places: number }>`
      select term, count(*) as count, sum((doc % 8191) * ("offset" % 8191 + 1)) as places from search_words
      where term > ${last} and term < ${end} group by term limit ${WORDS_PER_READ}
    `.execute(queries)
    for (const { term, count, places } of rows) totals.add(term, -count, -places)
    if (rows.length < WORDS_PER_READ) return
    last = rows.at(-1)?.term ?? end
  }
}

/** A number that differs for most places, small enough for sums to be exact. The same as in the query above. */
const placeOf = (id: number, place: number): number => (id % 8191) * ((place % 8191) + 1)
