import type { Kysely } from 'kysely'
import { checkInteger, checkUids } from '../arguments.js'
import type { Database, Reader } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { NewMessage, Reaction, StoredMessage } from '../stored-message.js'
import { isReaction, MESSAGE_COLUMNS, toMessage } from './message-row.js'

/** How many reactions of one message are found. */
const MAX_REACTIONS = 1_000
const MAX_UIDS = 1_000

/** A message that may be replied to. */
export type Parent = Pick<StoredMessage, 'id' | 'uid' | 'topic' | 'thread' | 'format' | 'deleted_at'>

/** Where a message belongs. */
export type ReplyPlace = Pick<StoredMessage, 'reply_to' | 'thread' | 'topic'>

/** The messages with the given ids and uids that are stored, by both. */
export async function findParents(
  { queries, values }: Reader,
  keys: readonly (number | string)[],
): Promise<Map<number | string, Parent>> {
  if (keys.length === 0) return new Map()
  const ids = keys.filter((key) => typeof key === 'number')
  const uids = keys.filter((key) => typeof key === 'string')
  const parents = queries
    .selectFrom('messages')
    .select(['id', 'uid', 'topic', 'thread', 'format', 'deleted_at'])
  const rows = [
    ...(ids.length > 0 ? await parents.where('id', 'in', values(ids)).execute() : []),
    ...(uids.length > 0 ? await parents.where('uid', 'in', values(uids)).execute() : []),
  ] as Parent[]
  return new Map<number | string, Parent>([
    ...rows.map((row) => [row.id, row] as const),
    ...rows.map((row) => [row.uid, row] as const),
  ])
}

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
  queries: Kysely<Schema>,
  reactions: readonly Reaction[],
): Promise<Map<string, StoredMessage>> {
  const found = new Map<string, StoredMessage>()
  for (const reaction of reactions) {
    const row = await queries
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('reply_to', '=', reaction.reply_to)
      .where('sender', '=', reaction.sender)
      .where('content', '=', reaction.content)
      .where(isReaction('messages'))
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (row) found.set(reactionKey(reaction), toMessage(row))
  }
  return found
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
    const rows = await database.read(({ queries, values }) =>
      queries
        .selectFrom('messages')
        .select(['id', 'reply_to', 'content', 'sender'])
        .where('reply_to', 'in', values(uids))
        .where(isReaction('messages'))
        .orderBy('id')
        .limit(limit)
        .execute(),
    )
    return rows.map(({ reply_to, content, sender }) => ({ reply_to: reply_to as string, content, sender }))
  }
}
