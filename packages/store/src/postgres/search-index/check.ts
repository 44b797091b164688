import { type RawBuilder, sql } from 'kysely'
import type { Reader } from '../../database/database.js'
import type { SearchIndexState } from '../../message-query.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import type { PostgresDatabase } from '../database.js'
import { readProgress } from './build.js'
import { type Entry, toEntry } from './entries.js'

const MESSAGES_PER_READ = 250

/** @see {@link Store.checkSearchIndex} */
export function createCheckSearchIndex(database: PostgresDatabase): Store['checkSearchIndex'] {
  return async ({ signal } = {}) => {
    for (let after = 0; ; ) {
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      const part = await database.snapshot((reader) => comparePart(reader, after))
      if (typeof part === 'string') return part
      after = part
    }
  }

  /** Resolves with the last id that was compared, if there are more. */
  async function comparePart(reader: Reader, after: number): Promise<SearchIndexState | number> {
    const { indexed, until } = await readProgress({ read: (work) => work(reader) })
    if (indexed < until) return 'incomplete'
    const { queries } = reader
    const select = <Row>(columns: RawBuilder<unknown>, table: string) =>
      sql<Row>`
        select id, ${columns} from ${sql.id(database.schema, table)} where id > ${after}
        ${table === 'messages' ? sql`and kind = 0` : sql``} order by id limit ${MESSAGES_PER_READ}
      `.execute(queries)
    const messages = await select<{ id: number; content: string }>(sql`content`, 'messages')
    const entries = await select<{ id: number } & Entry>(sql`words, pairs`, 'search_index')
    const isEqual =
      messages.rows.length === entries.rows.length &&
      messages.rows.every(({ id, content }, index) => {
        const entry = entries.rows[index]
        const { words, pairs } = toEntry(content)
        return entry?.id === id && entry.words === words && entry.pairs === pairs
      })
    if (!isEqual) return 'different'
    return messages.rows.length < MESSAGES_PER_READ ? 'equal' : (messages.rows.at(-1)?.id ?? after)
  }
}
