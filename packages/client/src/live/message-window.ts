import type { Message, MessageDetails } from '../api/types.js'

/** Pages of the server: all its messages from some ids on. */
export interface LoadedPages {
  readonly messages: readonly Message[]
  /** The pages are at least this new. */
  readonly position: number
  /** From this id on nothing is missing, in any topic; 0 if there are no further pages. */
  readonly floor: number
}

interface Row {
  readonly message: Message
  readonly position: number
}

/**
 * The newest messages of the server: all from a lowest id on, the floor, in the state that the feed has told of. Deleted
 * messages and reactions are not in it, as in `GET /messages`.
 */
export interface MessageWindow {
  /** Newest first; the same array until something changes. */
  list(): readonly Message[]
  /** Takes in a frame's messages. */
  apply(messages: readonly MessageDetails[]): void
  /** Until it is over, changes are remembered that are newer than the pages being read. */
  beginLoad(): void
  endLoad(): void
  /** Shows what was loaded and what has changed since, and nothing else. */
  replace(pages: LoadedPages): void
  /** Adds older pages. */
  extend(pages: LoadedPages): void
  /** Forgets the positions of another epoch; what is shown stays until it is replaced. */
  forgetPositions(): void
  /** The lowest id of which nothing is missing; infinite before anything was loaded. */
  readonly floor: number
}

/**
 * @param topics only messages with one of these; null: all
 * @param maxMessages the oldest beyond this number are let go when new ones arrive
 */
export function createMessageWindow(topics: readonly string[] | null, maxMessages: number): MessageWindow {
  const rows = new Map<string, Row>()
  const recent = new Map<string, MessageDetails>()
  let loads = 0
  let floor = Number.POSITIVE_INFINITY
  let limit = maxMessages
  let sorted: readonly Message[] | null = []

  const isOfTopic = ({ topic }: Message) => !topics || (topic !== undefined && topics.includes(topic))
  const isShown = (message: Message) =>
    !message.deleted && message.format !== 'reaction' && message.id >= floor && isOfTopic(message)

  /** A message replaces only one of a lower position. */
  function upsert(message: Message, position: number): void {
    const { uid } = message
    if ((rows.get(uid)?.position ?? -1) >= position) return
    if (isShown(message)) rows.set(uid, { message, position })
    else if (!rows.delete(uid)) return
    sorted = null
  }

  function trim(): void {
    if (rows.size <= limit) return
    const kept = list().slice(0, limit)
    floor = kept.at(-1)?.id ?? floor
    for (const [uid, { message }] of rows) if (message.id < floor) rows.delete(uid)
    sorted = kept
  }

  function addPages({ messages, position }: LoadedPages): void {
    for (const message of messages) upsert(message, position)
    for (const message of recent.values()) upsert(toListed(message), message.position)
    limit = Math.max(limit, rows.size)
  }

  function list(): readonly Message[] {
    sorted ??= Array.from(rows.values(), ({ message }) => message).sort((one, other) => other.id - one.id)
    return sorted
  }

  return {
    list,
    get floor() {
      return floor
    },
    apply(messages) {
      for (const message of messages) {
        if (loads > 0) recent.set(message.uid, message)
        upsert(toListed(message), message.position)
      }
      trim()
    },
    beginLoad() {
      loads += 1
    },
    endLoad() {
      loads -= 1
      if (loads === 0) recent.clear()
    },
    replace(pages) {
      rows.clear()
      sorted = null
      floor = pages.floor
      addPages(pages)
    },
    extend(pages) {
      floor = Math.min(floor, pages.floor)
      addPages(pages)
    },
    forgetPositions() {
      recent.clear()
      for (const [uid, { message }] of rows) rows.set(uid, { message, position: -1 })
    },
  }
}

/** A message as lists have it. */
function toListed({ path, position, sync, ...message }: MessageDetails): Message {
  return message
}
