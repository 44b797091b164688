import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { SearchIndexProgress } from '../../message-query.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import type { StoredMessage } from '../../stored-message.js'
import type { PostgresDatabase } from '../database.js'
import type { PostgresReader } from '../reader.js'
import { insertEntries } from './entries.js'

/** How much is indexed in one transaction: some ten milliseconds, for which changes of these messages wait. */
const MESSAGES_PER_PART = 500
const BYTES_PER_PART = 128 * 1024

/** How often to look how far another server is. */
const WATCH_MS = 500

/** One server builds at a time: the others find this row locked. */
const lockProgress = (schema: string): string =>
  `select indexed, until from "${schema}".search_progress where only_row = 1 for update skip locked`

/** @see {@link Store.buildSearchIndex} */
export function createBuildSearchIndex(database: PostgresDatabase): Store['buildSearchIndex'] {
  return async ({ signal, onProgress = () => {} } = {}) => {
    for (;;) {
      const progress = await readProgress(database)
      onProgress(progress)
      if (progress.indexed >= progress.until) return
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      const hasBuilt = await database.transact(buildNextPart, lockProgress(database.schema))
      if (!hasBuilt) await sleep(WATCH_MS, undefined, { signal }).catch(() => {})
    }
  }
}

/** @see {@link Store.clearSearchIndex} */
export function createClearSearchIndex(database: PostgresDatabase): Store['clearSearchIndex'] {
  return () =>
    database.write(async ({ queries }) => {
      const name = (table: string) => sql.id(database.schema, table)
      await sql`update ${name('search_progress')} set indexed = 0,
        until = (select last_id from ${name('counters')})`.execute(queries)
      await sql`truncate ${name('search_index')}`.execute(queries)
    })
}

/** The row of `search_progress`. */
export const readProgress = ({ read }: Pick<PostgresDatabase, 'read'>): Promise<SearchIndexProgress> =>
  read(({ queries }) =>
    queries.selectFrom('search_progress').select(['indexed', 'until']).executeTakeFirstOrThrow(),
  )

/** Resolves with whether there was nothing to do, or a part was built; `false`: another server builds. */
async function buildNextPart(reader: PostgresReader, [row]: readonly unknown[] = []): Promise<boolean> {
  if (!row) return false
  const { indexed, until } = row as SearchIndexProgress
  const { queries, name, numbers } = reader
  const { rows } = await sql<{ id: number; bytes: number }>`
    select id, sum(octet_length(content)) over (order by id)::bigint as bytes from (
      select id, content from ${name('messages')}
      where id > ${indexed} and id <= ${until} and kind = 0 order by id limit ${MESSAGES_PER_PART}
    ) as part order by id
  `.execute(queries)
  const fitting = rows.filter(({ bytes }, index) => index === 0 || bytes <= BYTES_PER_PART)
  // Whoever is changing them is waited for, and what changes them later replaces the entries that are built here.
  const messages = await sql<StoredMessage>`
    select id, content, format, deleted_at from ${name('messages')}
    where id in ${numbers(fitting.map(({ id }) => id))} and kind = 0 order by id for share
  `.execute(queries)
  const insertion = insertEntries(reader, messages.rows)
  if (insertion) await sql`${insertion} on conflict (id) do nothing`.execute(queries)
  const isLast = fitting.length === rows.length && rows.length < MESSAGES_PER_PART
  await queries
    .updateTable('search_progress')
    .set({ indexed: isLast ? until : Math.max(indexed, fitting.at(-1)?.id ?? until) })
    .execute()
  return true
}
