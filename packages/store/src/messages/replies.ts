import { sql } from 'kysely'
import { checkInteger, checkUids } from '../arguments.js'
import type { Database, Reader } from '../database/database.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { NewMessage, Reaction, StoredMessage } from '../stored-message.js'
import { findByKeys } from './find.js'
import { isReaction, MESSAGE_SELECTION, type MessageRow, toMessage } from './message-row.js'

/** How many reactions of one message are found. */
const MAX_REACTIONS = 1_000
const MAX_UIDS = 1_000

/** A message that may be replied to. */
export type Parent = Pick<StoredMessage, 'id' | 'uid' | 'topic' | 'thread' | 'format' | 'deleted_at'>

/** Where a message belongs. */
export type ReplyPlace = Pick<StoredMessage, 'reply_to' | 'thread' | 'topic'>

/** The messages with the given ids and uids that are stored, by both. */
export const findParents = (
  reader: Reader,
  keys: readonly (number | string)[],
): Promise<Map<number | string, Parent>> =>
  findByKeys(
    reader,
    keys,
    (column, wanted) =>
      reader.queries
        .selectFrom('messages')
        .select(['id', 'uid', 'topic', 'thread', 'format', 'deleted_at'])
        .where(column, 'in', wanted)
        .execute() as Promise<Parent[]>,
  )

/**
 * Where a new message belongs: a reply takes the thread of its parent and, unless it has one, the topic.
 *
 * @throws StoreError `invalid-reply`
 */
export function placeOf(
  { reply_to, topic, format }: NewMessage,
  parents: ReadonlyMap<number | string, Parent>,
): ReplyPlace {
  if (reply_to === undefined && format !== 'reaction')
    return { reply_to: null, thread: null, topic: topic ?? null }
  const parent = reply_to === undefined ? undefined : parents.get(reply_to)
  if (!parent || parent.deleted_at !== null || parent.format === 'reaction') {
    throw new StoreError('invalid-reply', 'the message to reply to is not stored, deleted or a reaction')
  }
  const inherited = format === 'reaction' ? parent.topic : (topic ?? parent.topic)
  return { reply_to: parent.uid, thread: parent.thread ?? parent.uid, topic: inherited }
}

/** Identifies a reaction: a sender reacts to a message with an emoji once. */
export const reactionKey = ({ reply_to, sender, content }: Reaction): string =>
  JSON.stringify([reply_to, sender, content])

/** The uid of the message that shows this one, if it is a reaction. */
export const targetOf = ({ format, reply_to }: Pick<StoredMessage, 'format' | 'reply_to'>): string[] =>
  format === 'reaction' && reply_to !== null ? [reply_to] : []

/** Those of the given reactions that are stored, by {@link reactionKey}. */
export async function findSameReactions(
  { queries, rows, name }: Reader,
  reactions: readonly Reaction[],
): Promise<Map<string, StoredMessage>> {
  if (reactions.length === 0) return new Map()
  const wanted = rows(
    { reply_to: 'text', sender: 'text', content: 'text' },
    reactions.map(({ reply_to, sender, content }) => [reply_to, sender, content]),
  )
  const found = await sql<MessageRow>`
    select ${MESSAGE_SELECTION} from ${wanted} as wanted
    join ${name('messages')} as messages on messages.reply_to = wanted.reply_to
      and messages.sender = wanted.sender and messages.content = wanted.content and ${isReaction('messages')}
    order by messages.id desc
  `.execute(queries)
  // Of several from other servers, the oldest.
  return new Map(
    found.rows.map(toMessage).map((message) => [reactionKey(message as Reaction), message] as const),
  )
}

/** @see {@link Store.findReactions} */
export function createFindReactions(database: Database): Store['findReactions'] {
  return async (uids) => {
    checkUids(uids)
    checkInteger('the number of uids', uids.length, { min: 0, max: MAX_UIDS })
    const all = await select(uids, MAX_REACTIONS + 1)
    if (all.length <= MAX_REACTIONS) return all
    // Rare: only now is a limit for each message worth a query for each.
    const found: Reaction[] = []
    for (const uid of uids) found.push(...(await select([uid], MAX_REACTIONS)))
    return found
  }

  async function select(uids: readonly string[], limit: number): Promise<Reaction[]> {
    const rows = await database.read(({ queries, texts }) =>
      queries
        .selectFrom('messages')
        .select(['id', 'reply_to', 'content', 'sender'])
        .where('reply_to', 'in', texts(uids))
        .where(isReaction('messages'))
        .orderBy('id')
        .limit(limit)
        .execute(),
    )
    return rows.map(({ reply_to, content, sender }) => ({ reply_to: reply_to as string, content, sender }))
  }
}
