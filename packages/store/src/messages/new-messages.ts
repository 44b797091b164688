import type { RawBuilder } from 'kysely'
import { checkName } from '../arguments.js'
import type { Reader } from '../database/database.js'
import { NEW_RANK } from '../database/schema.js'
import type { Outcome } from '../database/write-group.js'
import { StoreError } from '../store-error.js'
import type { CreatedMessage, NewMessage, Reaction, StoredMessage } from '../stored-message.js'
import { assertSameRequest, type FirstUse, readFirstUses } from './idempotency-keys.js'
import {
  findParents,
  findSameReactions,
  type Parent,
  placeOf,
  type ReplyPlace,
  reactionKey,
} from './replies.js'

/** What is stored of that on which the outcome of some new messages depends. */
export interface Known {
  readonly firstUses: ReadonlyMap<string, FirstUse>
  readonly uids: ReadonlySet<string>
  readonly parents: ReadonlyMap<number | string, Parent>
  readonly reactions: ReadonlyMap<string, StoredMessage>
}

/** What becomes of some new messages. */
export interface Group {
  /** For each message, in order. */
  readonly outcomes: Outcome<CreatedMessage>[]
  /** The messages to store. */
  readonly created: readonly StoredMessage[]
  /** The first uses of idempotency keys to store, by key. */
  readonly firstUses: ReadonlyMap<string, FirstUse>
}

/** What is known of messages that refer to no others, and have no idempotency keys, as long as their uids are new. */
export const NOTHING: Known = {
  firstUses: new Map(),
  uids: new Set(),
  parents: new Map(),
  reactions: new Map(),
}

/** Looks up everything on which the outcome of these messages depends. */
export async function lookUp(reader: Reader, messages: readonly NewMessage[]): Promise<Known> {
  const keys = messages.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []))
  const firstUses = await readFirstUses(reader, keys)
  const uids = await storedUids(
    reader,
    messages.map(({ uid }) => uid),
  )
  const parents = await findParents(
    reader,
    messages.flatMap(({ reply_to }) => reply_to ?? []),
  )
  const reactions = await findSameReactions(
    reader,
    messages.flatMap((message) => toReaction(message, parents)),
  )
  return { firstUses, uids, parents, reactions }
}

async function storedUids({ queries, texts }: Reader, uids: readonly string[]): Promise<Set<string>> {
  const rows = await queries.selectFrom('messages').select('uid').where('uid', 'in', texts(uids)).execute()
  return new Set(rows.map(({ uid }) => uid))
}

/**
 * Decides what becomes of messages, in the given order. One that cannot be stored fails with its own error, leaves no
 * gap in the ids, and does not affect the rest of the group.
 */
export function assembleGroup(
  messages: readonly NewMessage[],
  known: Known,
  first: { readonly id: number; readonly position: number },
): Group {
  const uids = new Set(known.uids)
  const parents = new Map(known.parents)
  const reactions = new Map(known.reactions)
  const created: StoredMessage[] = []
  const firstUses = new Map<string, FirstUse>()

  function createOne(message: NewMessage): CreatedMessage {
    const { uid, idempotency, signal } = message
    if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
    const earlier = idempotency && (firstUses.get(idempotency.key) ?? known.firstUses.get(idempotency.key))
    if (earlier) {
      const isSameCall = earlier.version === null
      assertSameRequest(earlier, { fingerprint: idempotency.fingerprint, isSameCall })
      return { message: earlier.message, created: false }
    }
    if (uids.has(uid)) throw new StoreError('duplicate-uid', 'a message with this uid already exists')

    const place = placeOf(message, parents)
    const [reaction] = toReaction(message, parents)
    const same = reaction && reactions.get(reactionKey(reaction))
    const index = created.length
    const stored =
      same ?? toStored(message, { id: first.id + index, position: first.position + index, place })
    if (idempotency) {
      const { key, fingerprint } = idempotency
      firstUses.set(key, { fingerprint, message: stored, version: null })
    }
    if (same) return { message: same, created: false }
    if (reaction) reactions.set(reactionKey(reaction), stored)
    created.push(stored)
    parents.set(uid, stored).set(stored.id, stored)
    uids.add(uid)
    return { message: stored, created: true }
  }
  const outcomes = messages.map((message) => outcomeOf(() => createOne(message)))
  return { outcomes, created, firstUses }
}

/** The changes of new messages, for the outbox. */
export const toChanges = ({ rows }: Reader, messages: readonly StoredMessage[]): RawBuilder<unknown> =>
  rows(
    { place: 'bigint', message_id: 'bigint', version: 'bigint', rank: 'bigint' },
    messages.map(({ id, version }, place) => [place, id, version, NEW_RANK]),
  )

/** The reaction that a message is, if it is one to a message that is stored. */
function toReaction(message: NewMessage, parents: ReadonlyMap<number | string, Parent>): Reaction[] {
  const { format, content, sender, reply_to } = message
  const parent = format === 'reaction' && reply_to !== undefined ? parents.get(reply_to) : undefined
  return parent ? [{ reply_to: parent.uid, content, sender }] : []
}

function toStored(
  message: NewMessage,
  { id, position, place }: { id: number; position: number; place: ReplyPlace },
): StoredMessage {
  const { uid, content, sender, timestamp, created_at, updated_at, format = 'plain' } = message
  return {
    id,
    uid,
    content,
    sender,
    timestamp,
    git_hash: null,
    is_synchronized: false,
    created_at,
    updated_at,
    path: pathOf(message, id),
    origin_id: id,
    version: 1,
    format,
    topic: place.topic,
    reply_to: place.reply_to,
    thread: place.thread,
    deleted_at: null,
    updated_by: null,
    synchronized_version: null,
    position,
  }
}

function pathOf(message: NewMessage, id: number): string {
  const path = message.path(id)
  checkName('path', path)
  return path
}

/** Runs a step of a group, whose failure must not affect the others. */
function outcomeOf<Result>(create: () => Result): Outcome<Result> {
  try {
    return { result: create() }
  } catch (error) {
    if (error instanceof StoreError) return { error }
    return { error: new StoreError('invalid-argument', 'path must not throw', { cause: error }) }
  }
}
