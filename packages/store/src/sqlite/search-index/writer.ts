import { CompiledQuery, type Kysely, type Selectable } from 'kysely'
import { bind } from '../../database/queries.js'
import type { Schema } from '../../database/schema.js'
import type { StoredMessage } from '../../stored-message.js'
import { toEntry } from './entries.js'

/** What decides whether a message is found, and by what. */
type Searchable = Pick<StoredMessage, 'content' | 'deleted_at'> & { readonly format: string }

/** The row of `search_progress`. */
type Progress = Selectable<Schema['search_progress']>

const PROGRESS = CompiledQuery.raw(
  'select indexed, until, tail_after from search_progress',
) as CompiledQuery<Progress>
const TAIL = CompiledQuery.raw(
  'select id, content from messages where id > ? and id <= ? and kind = 0 order by id',
) as CompiledQuery<Pick<StoredMessage, 'id' | 'content'>>
const MOVE_TAIL = 'update search_progress set tail_after = ?'
const INSERT = 'insert into search (rowid, content) values (?, ?)'
/** FTS5 finds the words to remove by the text that was inserted. */
const DELETE = "insert into search (search, rowid, content) values ('delete', ?, ?)"
const MERGE = "insert into search (search, rank) values ('merge', ?)"

/** Indexes messages that were stored in this transaction. The newest wait for more in the tail. */
export async function indexMessages(
  transaction: Kysely<Schema>,
  messages: readonly Pick<StoredMessage, 'id' | keyof Searchable>[],
): Promise<void> {
  const searchable = messages.filter(isSearchable)
  if (searchable.length === 0) return
  const progress = await readProgress(transaction)
  await insertEntries(
    transaction,
    searchable.filter(({ id }) => isIndexed(progress, id)),
  )
  await limitTail(transaction, progress, searchable)
}

/** Replaces what is indexed for a message that was changed in this transaction. */
export async function reindexMessage(
  transaction: Kysely<Schema>,
  before: Pick<StoredMessage, 'id' | keyof Searchable>,
  after: Searchable,
): Promise<void> {
  const { id, content } = before
  if (content === after.content && isSearchable(before) === isSearchable(after)) return
  const progress = await readProgress(transaction)
  if (!isIndexed(progress, id)) return limitTail(transaction, progress, [{ id, content: after.content }])
  if (isSearchable(before)) await run(transaction, DELETE, [id, toEntry(before)])
  await insertEntries(transaction, isSearchable(after) ? [{ id, content: after.content }] : [])
}

/** Inserts messages that are not in the index yet. */
export async function insertEntries(
  transaction: Kysely<Schema>,
  messages: readonly Pick<StoredMessage, 'id' | 'content'>[],
): Promise<void> {
  let characters = 0
  for (const message of messages) {
    const entry = toEntry(message)
    await run(transaction, INSERT, [message.id, entry])
    characters += entry.length
  }
  if (Math.random() * CHARACTERS_PER_MERGE < characters) {
    await run(transaction, MERGE, [pagesToMerge(Math.max(characters, CHARACTERS_PER_MERGE))])
  }
}

const isSearchable = ({ format, deleted_at }: Searchable): boolean =>
  format !== 'reaction' && deleted_at === null

/** Whether a message belongs into the index now. Others follow, by {@link Store.buildSearchIndex} or with the tail. */
const isIndexed = ({ indexed, until, tail_after }: Progress, id: number): boolean =>
  id <= indexed || (id > until && id <= tail_after)

export async function readProgress(queries: Pick<Kysely<Schema>, 'executeQuery'>): Promise<Progress> {
  return (await queries.executeQuery(PROGRESS)).rows[0] as Progress
}

/**
 * A transaction writes several pages of the index, however little it indexes, so the newest messages are indexed
 * together. Until then, searches read their texts.
 */
const MAX_TAIL_IDS = 256
const MAX_TAIL_CHARACTERS = 32_768

/** Indexes the tail up to the last of these messages, if it were too long with texts such as the longest of theirs. */
async function limitTail(
  transaction: Kysely<Schema>,
  { tail_after }: Progress,
  messages: readonly Pick<StoredMessage, 'id' | 'content'>[],
): Promise<void> {
  const last = Math.max(...messages.map(({ id }) => id))
  const longest = Math.max(...messages.map(({ content }) => content.length))
  const ids = last - tail_after
  if (ids < MAX_TAIL_IDS && ids * longest < MAX_TAIL_CHARACTERS) return
  const tail = await transaction.executeQuery(bind(TAIL, [tail_after, last]))
  await insertEntries(transaction, tail.rows)
  await run(transaction, MOVE_TAIL, [last])
}

/**
 * Enough for the segments to stay few: what is written is merged some times, into larger segments. Not much more, so that
 * each merge has its share of the merging of the largest.
 */
const MIN_PAGES_TO_MERGE = 4
const CHARACTERS_PER_MERGED_PAGE = 1_536
/** Merging after fewer would cost more than writing them, so only some transactions merge, for others, too. */
const CHARACTERS_PER_MERGE = 2_048

const pagesToMerge = (characters: number): number =>
  MIN_PAGES_TO_MERGE + Math.ceil(characters / CHARACTERS_PER_MERGED_PAGE)

async function run(transaction: Kysely<Schema>, text: string, parameters: unknown[]): Promise<void> {
  await transaction.executeQuery(CompiledQuery.raw(text, parameters))
}
