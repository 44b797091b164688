import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageQuery, QuarantinedChange, Store, StoredMessage } from '@gitmsg/store'

const DEFAULT_LIMIT = 50

/** This many of the largest messages are read in a few milliseconds, during which nothing else runs. */
const LARGE_PART = 10
/** Read at a time after small messages; harmless even if the next ones are large. */
const SMALL_PART = 40
/** A part of fewer characters than this counts as small. */
const SMALL_PART_CHARACTERS = 64 * 1024

/** Messages, newest first, and the query of the next page. */
export interface MessagePage {
  /** Newest first. */
  readonly messages: StoredMessage[]
  /** The query of the next page: older messages or, with `after`, newer ones. `null` on the last page. */
  readonly next: MessageQuery | null
}

/** Where a message is on its way into the repository. */
export type MessageSync =
  | { readonly state: 'pending' | 'synchronized' }
  | { readonly state: 'quarantined'; readonly reason: string }

/** One message and its way into the repository. */
export interface MessageDetails extends StoredMessage {
  /** `quarantined` comes with the reason. */
  readonly sync: MessageSync
}

/** Reads one page; with `after`, pages go from the oldest message to the newest. */
export async function listMessages(store: Store, query: MessageQuery): Promise<MessagePage> {
  const { limit = DEFAULT_LIMIT } = query
  const isForward = query.after !== undefined
  // One more than requested, to know whether there is a next page.
  const found = await readInParts<StoredMessage>(limit + 1, {
    sizeOf: ({ content }) => content.length,
    async readPart(wanted, last) {
      const from = last && (isForward ? { after: last.id } : { before: last.id })
      const part = await store.listMessages({ ...query, ...from, limit: wanted })
      return isForward ? part.reverse() : part
    },
  })
  const messages = found.slice(0, limit)
  const last = found.length > limit ? messages.at(-1) : undefined
  const next = last ? { ...query, ...(isForward ? { after: last.id } : { before: last.id }) } : null
  return { messages: isForward ? messages.reverse() : messages, next }
}

/** Finds a message by id or uid; `null` if there is none, or the key can be neither. */
export async function findMessage(store: Store, key: number | string): Promise<MessageDetails | null> {
  if (!canBeKey(key)) return null
  const message = await store.findMessage(key)
  return message && { ...message, sync: await syncOf(store, message) }
}

/** Reads one page of quarantined changes, newest first; `before` is a sequence. */
export function listQuarantined(
  store: Store,
  { limit = DEFAULT_LIMIT, before }: Pick<MessageQuery, 'limit' | 'before'>,
): Promise<QuarantinedChange[]> {
  return readInParts<QuarantinedChange>(limit, {
    sizeOf: ({ message, reason }) => message.content.length + reason.length,
    readPart(wanted, last) {
      const from = last?.sequence ?? before
      return store.quarantinedChanges({ limit: wanted, ...(from !== undefined && { before: from }) })
    },
  })
}

/** How to read a page in parts. */
export interface PartReader<Item> {
  /** Reads at most `wanted` items that follow `last`; without `last`, the first. */
  readPart(wanted: number, last: Item | undefined): Promise<readonly Item[]>
  /** The approximate number of characters of an item. */
  sizeOf(item: Item): number
}

/** Reads a page in parts, each in a turn of its own, so that a page of the largest messages does not hold up others. */
export async function readInParts<Item>(
  limit: number,
  { readPart, sizeOf }: PartReader<Item>,
): Promise<Item[]> {
  const items: Item[] = []
  let partSize = LARGE_PART
  for (;;) {
    const wanted = Math.min(partSize, limit - items.length)
    const part = await readPart(wanted, items.at(-1))
    items.push(...part)
    if (part.length < wanted || items.length === limit) return items
    const characters = part.reduce((sum, item) => sum + sizeOf(item), 0)
    partSize = characters < SMALL_PART_CHARACTERS ? SMALL_PART : LARGE_PART
    await nextTurn()
  }
}

function canBeKey(key: unknown): boolean {
  if (typeof key === 'number') return Number.isSafeInteger(key) && key > 0
  return typeof key === 'string' && key.isWellFormed()
}

async function syncOf(store: Store, message: StoredMessage): Promise<MessageSync> {
  if (message.is_synchronized) return { state: 'synchronized' }
  const reason = await store.quarantineReason(message.uid)
  return reason === null ? { state: 'pending' } : { state: 'quarantined', reason }
}
