import { CompiledQuery, type Kysely } from 'kysely'
import type { Schema } from '../../database/schema.js'
import type { StoredMessage } from '../../stored-message.js'
import { toEntry } from './entries.js'

/** What decides whether a message is found, and by what. */
type Searchable = Pick<StoredMessage, 'content' | 'deleted_at'> & { readonly format: string }

const PROGRESS = CompiledQuery.raw('select indexed, until from search_progress') as CompiledQuery<
  Schema['search_progress']
>
const INSERT = 'insert into search (rowid, content) values (?, ?)'
/** FTS5 finds the words to remove by the text that was inserted. */
const DELETE = "insert into search (search, rowid, content) values ('delete', ?, ?)"
const MERGE = "insert into search (search, rank) values ('merge', ?)"

/** Indexes messages that were stored in this transaction. */
export async function indexMessages(
  transaction: Kysely<Schema>,
  messages: readonly Pick<StoredMessage, 'id' | keyof Searchable>[],
): Promise<void> {
  const searchable = messages.filter(isSearchable)
  if (searchable.length === 0) return
  const isIndexed = await readIndexed(transaction)
  await insertEntries(
    transaction,
    searchable.filter(({ id }) => isIndexed(id)),
  )
}

/** Replaces what is indexed for a message that was changed in this transaction. */
export async function reindexMessage(
  transaction: Kysely<Schema>,
  before: Pick<StoredMessage, 'id' | keyof Searchable>,
  after: Searchable,
): Promise<void> {
  const { id, content } = before
  if (content === after.content && isSearchable(before) === isSearchable(after)) return
  const isIndexed = await readIndexed(transaction)
  if (!isIndexed(id)) return
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

/** Returns whether a message belongs into the index now. The others follow; see {@link Store.buildSearchIndex}. */
async function readIndexed(transaction: Kysely<Schema>): Promise<(id: number) => boolean> {
  const { indexed, until } = await readProgress(transaction)
  return (id) => id <= indexed || id > until
}

/** The row of `search_progress`. */
export async function readProgress(
  queries: Pick<Kysely<Schema>, 'executeQuery'>,
): Promise<Schema['search_progress']> {
  return (await queries.executeQuery(PROGRESS)).rows[0] as Schema['search_progress']
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
