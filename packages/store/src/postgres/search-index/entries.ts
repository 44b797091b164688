import { type RawBuilder, sql } from 'kysely'
import type { MessageUpdate } from '../../database/database.js'
import { kindOf } from '../../messages/message-row.js'
import type { StoredMessage } from '../../stored-message.js'
import { toPair } from '../../text/pairs.js'
import { wordsOf } from '../../text/words.js'
import type { PostgresReader } from '../reader.js'

/** What decides whether a message is found, and by what. */
type Searchable = Pick<StoredMessage, 'id' | 'content' | 'format' | 'deleted_at'>

/** For {@link insertEntries}: replaces entries that are there. */
export const OR_REPLACE = sql`on conflict (id) do update set words = excluded.words, pairs = excluded.pairs`

/** A text as it is indexed: its words, and pairs of neighbors among them, each after a space. */
export interface Entry {
  readonly words: string
  /** `null`: there are none. */
  readonly pairs: string | null
}

export function toEntry(content: string): Entry {
  const words = wordsOf(content)
  const pairs = words.flatMap((word, index) => toPair(words[index - 1], word) ?? [])
  return { words: join(words), pairs: pairs.length > 0 ? join(new Set(pairs)) : null }
}

const join = (terms: Iterable<string>): string => Array.from(terms, (term) => ` ${term}`).join('')

/** Inserts the words of messages that can be found; `undefined` if there are none. */
export function insertEntries(
  { name, rows }: PostgresReader,
  messages: readonly Searchable[],
): RawBuilder<unknown> | undefined {
  const searchable = messages.filter((message) => kindOf(message) === 0)
  if (searchable.length === 0) return undefined
  const entries = rows(
    { id: 'bigint', words: 'text', pairs: 'text' },
    searchable.map(({ id, content }) => {
      const { words, pairs } = toEntry(content)
      return [id, words, pairs]
    }),
  )
  return sql`insert into ${name('search_index')} (id, words, pairs)
    select id, words, pairs from ${entries} as entries`
}

/**
 * Replaces the words of messages that were changed by an earlier statement of this transaction: only then is an entry
 * seen that was built meanwhile. Whether they have one yet makes no difference.
 */
export async function replaceEntries(
  reader: PostgresReader,
  updates: readonly MessageUpdate[],
): Promise<void> {
  const { queries, name, numbers } = reader
  const changed = updates.flatMap(({ message, fields }) => {
    const { content = message.content, format = message.format, deleted_at = message.deleted_at } = fields
    const after = { id: message.id, content, format, deleted_at } as Searchable
    const isSame = content === message.content && kindOf(after) === kindOf(message)
    return isSame ? [] : [after]
  })
  const gone = changed.filter((message) => kindOf(message) !== 0).map(({ id }) => id)
  if (gone.length > 0) {
    await sql`delete from ${name('search_index')} where id in ${numbers(gone)}`.execute(queries)
  }
  const insertion = insertEntries(reader, changed)
  if (insertion) await sql`${insertion} ${OR_REPLACE}`.execute(queries)
}
