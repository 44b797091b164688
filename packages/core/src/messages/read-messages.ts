import type { MessageVersion, QuarantinedChange, Store, StoredMessage, Topic } from '@gitmsg/store'
import { StoreError } from '@gitmsg/store'
import { type ListQuery, toStoreQuery, toTopicCursor } from './message-query.js'
import { readInParts } from './read-in-parts.js'

const DEFAULT_LIMIT = 50
const MESSAGES_PER_REACTION_LOOKUP = 1_000

/** Options of reads that may take many steps. */
export interface ReadOptions {
  /** Ends the read: it rejects with a `StoreError` `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** Who reacted with which emoji: senders by emoji, each in the order of their reactions. */
export type Reactions = Readonly<Record<string, readonly string[]>>

/** A message with the reactions to it. */
export interface ListedMessage extends StoredMessage {
  /** Empty if no one reacted. */
  readonly reactions: Reactions
}

/** Messages, and the query of the next page. */
export interface MessagePage {
  /** Newest first. */
  readonly messages: ListedMessage[]
  /** The query of the next page: older messages or, with `after`, newer ones. `null` on the last page. */
  readonly next: ListQuery | null
}

/** Where a message is on its way into the repository. */
export type MessageSync =
  | { readonly state: 'pending' | 'synchronized' }
  | { readonly state: 'quarantined'; readonly reason: string }

/** One message with the reactions to it, and its way into the repository. */
export interface MessageDetails extends ListedMessage {
  /** `quarantined` comes with the reason. */
  readonly sync: MessageSync
}

/** A page of the versions of a message, newest first. */
export interface HistoryPage {
  /** Newest first. */
  readonly versions: MessageVersion[]
  /** The page after this one; `null` on the last page. */
  readonly next: { readonly limit: number; readonly before: number } | null
}

/** A page of a thread, oldest first. Its first message is there even if it is deleted. */
export interface ThreadPage {
  /** Oldest first. */
  readonly messages: ListedMessage[]
  /** The page after this one; `null` on the last page. */
  readonly next: { readonly limit: number; readonly after: number } | null
}

/** Reads one page; with `after`, pages go from the oldest message to the newest. */
export async function listMessages(
  store: Store,
  query: ListQuery,
  signal?: AbortSignal,
): Promise<MessagePage> {
  const { limit = DEFAULT_LIMIT } = query
  const isForward = query.after !== undefined
  // One more than requested, to know whether there is a next page.
  const found = await readInParts<StoredMessage>(store, limit + 1, {
    sizeOf: ({ content }) => content.length,
    async readPart(wanted, last) {
      const from = last && (isForward ? { after: last.id } : { before: last.id })
      const part = await store.listMessages({ ...toStoreQuery(query), ...from, limit: wanted, signal })
      return isForward ? part.reverse() : part
    },
  })
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  const next = last ? { ...query, ...(isForward ? { after: last.id } : { before: last.id }) } : null
  return { messages: await withReactions(store, isForward ? page.reverse() : page), next }
}

/** Finds a message by id or uid; `null` if there is none, or the key can be neither. */
export async function findStored(store: Store, key: number | string): Promise<StoredMessage | null> {
  const isNumber = typeof key === 'number' && Number.isSafeInteger(key) && key > 0
  const canBeKey = isNumber || (typeof key === 'string' && key.isWellFormed() && !key.includes('\0'))
  return canBeKey ? store.findMessage(key) : null
}

/** Finds a message in full. */
export async function findMessage(store: Store, key: number | string): Promise<MessageDetails | null> {
  const message = await findStored(store, key)
  return message && toDetails(store, message)
}

/** Adds the reactions to a message, and where it is on its way into the repository. */
export async function toDetails(store: Store, message: StoredMessage): Promise<MessageDetails> {
  const [details] = await allDetails(store, [message])
  return details as MessageDetails
}

/** The same for any number of messages. */
export async function allDetails(
  store: Store,
  messages: readonly StoredMessage[],
): Promise<MessageDetails[]> {
  const listed = await withReactions(store, messages)
  const mayBeQuarantined =
    messages.some(({ is_synchronized }) => !is_synchronized) && (await store.summary()).quarantined > 0
  const details: MessageDetails[] = []
  for (const message of listed) {
    details.push({ ...message, sync: await syncOf(store, message, mayBeQuarantined) })
  }
  return details
}

async function syncOf(
  store: Store,
  { uid, is_synchronized }: StoredMessage,
  mayBeQuarantined: boolean,
): Promise<MessageSync> {
  if (is_synchronized) return { state: 'synchronized' }
  const reason = mayBeQuarantined ? await store.quarantineReason(uid) : null
  return reason === null ? { state: 'pending' } : { state: 'quarantined', reason }
}

/** Adds the reactions to each message. */
export async function withReactions(
  store: Store,
  messages: readonly StoredMessage[],
): Promise<ListedMessage[]> {
  const reactions = new Map<string, Record<string, string[]>>()
  const uids = messages.map(({ uid }) => uid)
  for (let start = 0; start < uids.length; start += MESSAGES_PER_REACTION_LOOKUP) {
    const part = uids.slice(start, start + MESSAGES_PER_REACTION_LOOKUP)
    for (const { reply_to, content, sender } of await store.findReactions(part)) {
      const ofMessage = reactions.get(reply_to) ?? {}
      const senders = ofMessage[content] ?? []
      // Two servers can each accept the same reaction of a sender.
      if (!senders.includes(sender)) ofMessage[content] = [...senders, sender]
      reactions.set(reply_to, ofMessage)
    }
  }
  return messages.map((message) => ({ ...message, reactions: reactions.get(message.uid) ?? {} }))
}

/**
 * Reads the versions of a message, newest first; `null` if there is no such message.
 *
 * @throws {StoreError} `deleted` if it is deleted: its versions are erased
 */
export async function readHistory(
  store: Store,
  key: number | string,
  { limit = DEFAULT_LIMIT, before }: { limit?: number; before?: number },
): Promise<HistoryPage | null> {
  const message = await findStored(store, key)
  if (!message) return null
  if (message.deleted_at !== null) throw new StoreError('deleted', 'the message is deleted')
  const found = await readInParts<MessageVersion>(store, limit + 1, {
    sizeOf: ({ content }) => content.length,
    readPart(wanted, last) {
      const from = last?.version ?? before
      return store.listVersions(message.uid, { limit: wanted, ...(from !== undefined && { before: from }) })
    },
  })
  const versions = found.slice(0, limit)
  const last = found.length > limit ? versions.at(-1) : undefined
  return { versions, next: last ? { limit, before: last.version } : null }
}

/** Reads the thread to which a message belongs, oldest first; `null` if there is no such message. */
export async function readThread(
  store: Store,
  key: number | string,
  { limit = DEFAULT_LIMIT, after = 0 }: { limit?: number; after?: number },
): Promise<ThreadPage | null> {
  const message = await findStored(store, key)
  if (!message) return null
  const thread = message.thread ?? message.uid
  const first = message.thread === null ? message : await store.findMessage(thread)
  // One more than requested, to know whether there is a next page.
  const found = await readInParts<StoredMessage>(store, limit + 1, {
    sizeOf: ({ content }) => content.length,
    readPart: async (wanted, last) =>
      (await store.listMessages({ thread, after: last?.id ?? after, limit: wanted })).reverse(),
  })
  const isTombstone = first !== null && first.deleted_at !== null && first.id > after
  const all = isTombstone ? [...found, first].sort((one, other) => one.id - other.id) : found
  const page = all.slice(0, limit)
  const last = all.length > limit ? page.at(-1) : undefined
  return { messages: await withReactions(store, page), next: last ? { limit, after: last.id } : null }
}

/** A page of topics, the latest activity first. */
export interface TopicPage {
  /** The latest activity first. */
  readonly topics: Topic[]
  /** The page after this one; `null` on the last page. */
  readonly next: { readonly limit: number; readonly before: string } | null
}

/** Reads a page of topics. */
export async function listTopics(
  store: Store,
  {
    limit = DEFAULT_LIMIT,
    before,
  }: { limit?: number; before?: Pick<Topic, 'topic' | 'last_at'> | undefined },
): Promise<TopicPage> {
  const found = await readInParts<Topic>(store, limit + 1, {
    sizeOf: () => 0,
    readPart: (wanted, last) => store.listTopics({ limit: wanted, before: last ?? before }),
  })
  const topics = found.slice(0, limit)
  const last = found.length > limit ? topics.at(-1) : undefined
  return { topics, next: last ? { limit, before: toTopicCursor(last) } : null }
}

/** Reads one page of quarantined changes, newest first; `before` is a sequence. */
export function listQuarantined(
  store: Store,
  { limit = DEFAULT_LIMIT, before }: { limit?: number; before?: number },
): Promise<QuarantinedChange[]> {
  return readInParts<QuarantinedChange>(store, limit, {
    sizeOf: ({ message, reason }) => message.content.length + reason.length,
    readPart(wanted, last) {
      const from = last?.sequence ?? before
      return store.quarantinedChanges({ limit: wanted, ...(from !== undefined && { before: from }) })
    },
  })
}
