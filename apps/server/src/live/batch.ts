import type { Engine, MessageDetails } from '@gitmsg/core'
import type { Position, Store } from '@gitmsg/store'
import { MAX_MESSAGES_PER_FRAME } from '../http/asyncapi/frame-schemas.js'
import { toApiDetails } from '../http/routes/api-message.js'
import { encodeMessages, type Frame } from './frame.js'

/** So that a client with a slow connection completes a frame before its time is up. One message may be longer. */
const MAX_FRAME_BYTES = 64 * 1024

/** A message of the feed, serialized once. */
interface FeedItem {
  readonly uid: string
  /** Whether it was edited or deleted. */
  readonly isRevised: boolean
  readonly position: number
  readonly json: Buffer
  /** Its topics, now and before; `null`: not all of them are known. */
  readonly topics: readonly string[] | null
}

/** What a client wants to get: messages of these topics; `null`: all. */
export interface Filter {
  readonly key: string
  readonly topics: ReadonlySet<string>
}

/** A part of the feed: all that changed between two positions and has not changed again when it was read. */
export interface Batch {
  readonly epoch: string
  readonly after: number
  readonly position: number
  /** Its messages, each of which it has once. */
  readonly uids: ReadonlySet<string>
  /** Those of them that were edited or deleted: earlier batches have an outdated text. */
  readonly revised: readonly string[]
  /** Bytes of the frame for all. */
  readonly length: number
  /** The frame for a client at `after` or between there and `position`. Clients at `after` share it. */
  frameFor(after: number, filter: Filter | null): Frame
  /** Forgets the frames of filters, once all followers have theirs, and keeps no more of them: there may be many. */
  release(): void
}

/** Reads what changed next after a place, up to `MAX_MESSAGES_PER_FRAME`, as batches of a frame each. Empty: nothing. */
export type ReadBatches = (place: Position) => Promise<readonly Batch[]>

export function createBatchReader(
  engine: Pick<Engine, 'changes'>,
  store: Pick<Store, 'findEarlierTopics'>,
): ReadBatches {
  return async function readBatches(place) {
    const { epoch, messages } = await engine.changes(place, { limit: MAX_MESSAGES_PER_FRAME })
    const items = await toItems(store, messages)
    const batches: Batch[] = []
    for (let { position: after } = place, start = 0; start < items.length; ) {
      const end = endOfFrame(items, start)
      const batch = createBatch(epoch, after, items.slice(start, end))
      batches.push(batch)
      after = batch.position
      start = end
    }
    return batches
  }
}

function endOfFrame(items: readonly FeedItem[], start: number): number {
  let end = start + 1
  let length = items[start]?.json.length ?? 0
  for (; end < items.length; end += 1) {
    length += items[end]?.json.length ?? 0
    if (length > MAX_FRAME_BYTES) break
  }
  return end
}

async function toItems(
  store: Pick<Store, 'findEarlierTopics'>,
  messages: readonly MessageDetails[],
): Promise<FeedItem[]> {
  const edited = messages.filter(({ version }) => version > 1).map(({ uid }) => uid)
  const earlier = edited.length > 0 ? await store.findEarlierTopics(edited) : []
  const topicsBefore = new Map<string, string[]>(edited.map((uid) => [uid, []]))
  for (const { uid, topic } of earlier) topicsBefore.get(uid)?.push(topic)
  return messages.map((message) => {
    const { uid, position, topic, version, deleted_at } = message
    // The topics that a deleted message had before the last are erased.
    const isKnown = deleted_at === null || version <= 2
    const topics = [...(topic === null ? [] : [topic]), ...(topicsBefore.get(uid) ?? [])]
    return {
      uid,
      isRevised: version > 1,
      position,
      json: Buffer.from(JSON.stringify(toApiDetails(message))),
      topics: isKnown ? topics : null,
    }
  })
}

function createBatch(epoch: string, after: number, read: readonly FeedItem[]): Batch {
  const position = read.at(-1)?.position ?? after
  const whole = encodeMessages({ epoch, after, position }, read)
  const items = read.map((item, index) => ({ ...item, json: whole.parts[index] as Buffer }))
  const frames = new Map([['', whole.frame]])
  let isReleased = false

  function encode(from: number, filter: Filter | null): Frame {
    const wanted = items.filter((item) => item.position > from && isWanted(item, filter))
    return encodeMessages({ epoch, after: from, position }, wanted).frame
  }

  return {
    epoch,
    after,
    position,
    uids: new Set(items.map(({ uid }) => uid)),
    revised: items.flatMap(({ uid, isRevised }) => (isRevised ? uid : [])),
    length: whole.frame.webSocket.length,
    frameFor(from, filter) {
      if (from !== after || (filter && isReleased)) return encode(from, filter)
      const key = filter?.key ?? ''
      const frame = frames.get(key) ?? encode(from, filter)
      frames.set(key, frame)
      return frame
    },
    release() {
      isReleased = true
      for (const key of frames.keys()) if (key !== '') frames.delete(key)
    },
  }
}

const isWanted = ({ topics }: FeedItem, filter: Filter | null): boolean =>
  filter === null || topics === null || topics.some((topic) => filter.topics.has(topic))

/** A filter by topics. Filters of the same topics share frames. */
export function toFilter(topics: readonly string[]): Filter {
  const sorted = [...new Set(topics)].toSorted()
  return { key: JSON.stringify(sorted), topics: new Set(sorted) }
}
