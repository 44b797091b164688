import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database, Writer } from '../../database/database.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import { SQLITE } from '../syntax.js'
import { insertEntries, readProgress } from './writer.js'

/** How much is indexed in one transaction: some milliseconds, between which posts have their turn. */
const MESSAGES_PER_PART = 250
const BYTES_PER_PART = 64 * 1024

/** @see {@link Store.buildSearchIndex} */
export function createBuildSearchIndex(database: Database): Store['buildSearchIndex'] {
  return async ({ signal, onProgress = () => {} } = {}) => {
    for (;;) {
      const { indexed, until } = await database.read(({ queries }) => readProgress(queries))
      onProgress({ indexed, until })
      if (indexed >= until) return
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      await database.write(indexNextPart)
      await nextTurn()
    }
  }
}

/** @see {@link Store.clearSearchIndex} */
export function createClearSearchIndex(database: Database): Store['clearSearchIndex'] {
  return () =>
    database.write(async ({ queries }) => {
      await sql`insert into search (search) values ('delete-all')`.execute(queries)
      await sql`
        update search_progress set (indexed, until, tail_after) = (
          select 0, coalesce(max(id), 0), coalesce(max(id), 0) from messages
        )
      `.execute(queries)
    })
}

/** Another process may have indexed parts, or all, meanwhile. */
async function indexNextPart({ queries }: Writer): Promise<void> {
  const { indexed, until } = await readProgress(queries)
  // Its length is known without reading a text.
  const { rows } = await sql<{ id: number; bytes: number }>`
    select id, octet_length(content) as bytes from messages indexed by messages_by_id
    where id > ${indexed} and id <= ${until} and kind = 0 order by id limit ${MESSAGES_PER_PART}
  `.execute(queries)
  let bytes = 0
  const fitting = rows.filter((row, index) => {
    bytes += row.bytes
    return index === 0 || bytes <= BYTES_PER_PART
  })
  const messages = await queries
    .selectFrom('messages')
    .select(['id', 'content'])
    .where('id', 'in', SQLITE.numbers(fitting.map(({ id }) => id)))
    .orderBy('id')
    .execute()
  await insertEntries(queries, messages)
  const isLast = fitting.length === rows.length && rows.length < MESSAGES_PER_PART
  await queries
    .updateTable('search_progress')
    .set({ indexed: isLast ? until : Math.max(indexed, fitting.at(-1)?.id ?? until) })
    .execute()
}
