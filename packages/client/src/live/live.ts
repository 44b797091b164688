import type { CallOptions } from '../api/request.js'
import type { Changes, Message, MessageDetails, Position, SyncStatus } from '../api/types.js'
import type { Client } from '../client.js'
import { ClientError } from '../client-error.js'
import { createEmitter, type Events } from '../events.js'
import type { Runtime } from '../runtime.js'
import { type LiveStatus, openFeed } from './feed.js'
import type { ResetReason } from './frames.js'
import { createMessageQueue, type MessageQueue } from './message-queue.js'
import { createMessageWindow } from './message-window.js'
import { createWindowLoader } from './window-loader.js'

/** The options of `live`. */
export interface LiveOptions {
  /** Only messages with one of these topics. Default: all. */
  readonly topics?: readonly string[] | undefined
  /** Where to go on: the `position` of an earlier feed, of a page or of changes. Default: from now on. */
  readonly after?: Position | null | undefined
  /**
   * How many of the newest messages to begin with. Default: 50. 0 is for programs that follow changes:
   * no messages are held, and however long it was away, every change is reported.
   */
  readonly limit?: number | undefined
  /** The oldest messages beyond this number are let go when new ones arrive. Default: 10,000. */
  readonly maxMessages?: number | undefined
}

/** The events of a live feed. */
export interface LiveEvents {
  /** Messages that changed, each as it is now: new, edited, committed, deleted (`deleted`), reactions (`format`). */
  readonly messages: readonly MessageDetails[]
  /** `messages` is another array now. */
  readonly change: readonly Message[]
  /** The state of the connection. */
  readonly status: LiveStatus
  /** The state of the synchronization. */
  readonly sync: SyncStatus
  /** The server could not go on from the position: not every change in between was an event. */
  readonly reset: ResetReason
}

/** Follows what changes on a server. Iterating yields each message that changes, from then on. */
export interface Live extends Events<LiveEvents>, AsyncIterable<MessageDetails> {
  /** The newest messages as the server has them, newest first; the same array until one changes. */
  readonly messages: readonly Message[]
  /**
   * What to pass as `after` to go on from here, in another run too: everything up to it was an event, and was read by
   * every iteration. Null before the first connection.
   */
  readonly position: Position | null
  /** The state of the connection. */
  readonly status: LiveStatus
  /** The state of the synchronization; null before the first report. */
  readonly sync: SyncStatus | null
  /** Resolves when `messages` has been read for the first time; rejects if the feed ends before. */
  readonly ready: Promise<void>
  /** Adds older messages, by default 50; resolves with whether there may be more. */
  older(options?: CallOptions & { readonly count?: number | undefined }): Promise<boolean>
  /** Ends the feed. `messages` stays as it is. */
  close(): Promise<void>
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>
}

const LIMIT = 50
const MAX_MESSAGES = 10_000
const MAX_CHANGES = 1_000
/** Beyond this number of messages that an iteration has not read, nothing is received until half are read. */
const MAX_QUEUED = 5_000

/** Opens a feed; see `Client.live`. */
export function openLive(client: Client, runtime: Runtime, options: LiveOptions = {}): Live {
  const { topics = null, after = null, limit = LIMIT, maxMessages = MAX_MESSAGES } = options
  const events = createEmitter<LiveEvents>()
  const queues = new Set<MessageQueue>()
  const ready = promiseOfFirst()
  let sync: SyncStatus | null = null
  const window = createMessageWindow(topics, Math.max(maxMessages, limit))
  let shown = window.list()
  const loader = createWindowLoader({
    ...{ client, runtime, window, topics, limit },
    position: () => feed.position,
    onLoaded() {
      reportChange()
      ready.resolve()
    },
    onFailed: (error) => feed.end(error),
  })
  const feed = openFeed(
    runtime,
    { after, topics },
    {
      onStart() {
        window.forgetPositions()
        fill()
      },
      onReset: (reason) => events.emit('reset', reason),
      onMessages(messages) {
        window.apply(messages)
        for (const queue of queues) queue.push(messages, feed.position?.epoch ?? '')
        events.emit('messages', messages)
        reportChange()
      },
      onSync(status) {
        sync = status
        events.emit('sync', status)
      },
      onStatus(status) {
        if (status.state === 'stopped' || status.state === 'closed') finish(status.error)
        events.emit('status', status)
      },
      isFull: () => hasQueued(MAX_QUEUED),
      readChanges: limit > 0 ? null : readChanges,
    },
  )
  if (after) fill()

  const hasQueued = (count: number) => [...queues].some(({ size }) => size >= count)

  function fill(): void {
    if (limit > 0) void loader.reload()
    else ready.resolve()
  }

  async function readChanges(place: Position): Promise<Changes> {
    const changes = await client.changes({ after: place, limit: MAX_CHANGES })
    if (!topics) return changes
    const messages = changes.messages.filter(({ topic }) => topic !== undefined && topics.includes(topic))
    return { ...changes, messages }
  }

  function reportChange(): void {
    if (window.list() === shown) return
    shown = window.list()
    events.emit('change', shown)
  }

  function finish(error: ClientError | null): void {
    loader.stop()
    ready.reject(error ?? new ClientError('closed', 'The live feed is closed.'))
    for (const queue of queues) queue.end(error)
  }

  function iterate(): AsyncIterableIterator<MessageDetails> {
    const queue = createMessageQueue((mine, isLeft) => {
      if (isLeft) queues.delete(mine)
      if (!hasQueued(MAX_QUEUED / 2)) feed.release()
    })
    const { state, error } = feed.status
    if (state === 'stopped' || state === 'closed') queue.end(error)
    else queues.add(queue)
    return queue.iterator
  }

  const close = async () => feed.end(null)
  return {
    on: events.on,
    get messages() {
      return window.list()
    },
    get position() {
      const unread = [...queues].flatMap(({ place }) => place ?? [])
      return unread.sort((one, other) => one.position - other.position)[0] ?? feed.position
    },
    get status() {
      return feed.status
    },
    get sync() {
      return sync
    },
    ready: ready.promise,
    older: ({ count = LIMIT, ...call } = {}) => loader.older(count, call),
    close,
    [Symbol.asyncIterator]: iterate,
    [Symbol.asyncDispose]: close,
  }
}

/** A promise that need not be waited for. */
function promiseOfFirst() {
  let resolve = () => {}
  let reject = (_: unknown) => {}
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  promise.catch(() => {})
  return { promise, resolve, reject }
}
