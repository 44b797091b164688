import type { Changes, MessageDetails, Position, SyncStatus } from '../api/types.js'
import { ClientError } from '../client-error.js'
import { jitteredDelay, onWake, type Pause, startPause, type WakeReason } from '../retry.js'
import type { Runtime } from '../runtime.js'
import { type Connection, openConnection } from './connection.js'
import type { ResetReason, ServerFrame } from './frames.js'

/** A connection that lived this long, or brought messages, was a success: delays begin at the shortest again. */
const STABLE_MS = 5_000
/** A silence longer than the server's heartbeat of 25 s. */
const STALE_MS = 30_000
const MAX_BYE_MS = 300_000

/** Close codes after which connecting again is useless, with the code and status of the error. */
const FINAL_CLOSES: Readonly<Record<number, readonly [code: string, status: number]>> = {
  4401: ['unauthenticated', 401],
  4403: ['insufficient_scope', 403],
}

/** How the live feed is doing. */
export interface LiveStatus {
  /**
   * - `connecting`: to the server
   * - `live`: every change arrives
   * - `waiting`: until `retryAt`, or until what was received is read
   * - `stopped`: for good, because of `error`: the token is not valid, or may not read
   * - `closed`: by `close`
   */
  readonly state: 'connecting' | 'live' | 'waiting' | 'stopped' | 'closed'
  /** Why it is not live; null if it is. */
  readonly error: ClientError | null
  /** When the next attempt begins, in milliseconds of the client's clock. */
  readonly retryAt: number | null
}

/** What the feed calls back. */
export interface FeedHandlers {
  /** The chain begins here: what was before must be read elsewhere. */
  onStart(): void
  onReset(reason: ResetReason): void
  onMessages(messages: readonly MessageDetails[]): void
  onSync(status: SyncStatus): void
  onStatus(status: LiveStatus): void
  /** Whether more messages than are wanted wait to be read; then nothing is received until `release`. */
  isFull(): boolean
  /** Reads what changed after a position that is too far back for the channel. Null: a reset will do. */
  readonly readChanges: ((after: Position) => Promise<Changes>) | null
}

/** The chain of frames, across connections. */
export interface Feed {
  readonly position: Position | null
  readonly status: LiveStatus
  /** Goes on after `isFull`. */
  release(): void
  /** Ends it for good: with an error `stopped`, else `closed`. */
  end(error: ClientError | null): void
}

/** What the feed is about. */
export interface FeedOptions {
  /** Where to go on; null: from now on. */
  readonly after: Position | null
  readonly topics: readonly string[] | null
}

/**
 * Follows the live channel. A frame is taken only if it follows the one before, on this connection or another; else the
 * feed goes on from its own position. So nothing is missed, and nothing taken twice.
 */
export function openFeed(runtime: Runtime, { after, topics }: FeedOptions, handlers: FeedHandlers): Feed {
  const { timers, token } = runtime
  let position = after
  let status: LiveStatus = { state: 'connecting', error: null, retryAt: null }
  let connection: Connection | null = null
  let pause: Pause | null = null
  let isPauseAsked = false
  let attempt = 0
  let connectedAt = 0
  /** Until the server has confirmed the position, frames are of another chain. */
  let isAwaitingWelcome = true
  /** The position was sent again, and nothing has followed it yet. */
  let isResumed = false
  let lastError: ClientError | null = null

  const hello = () => ({ type: 'hello', token, after: position, ...(topics && { topics }) })

  function setStatus(next: LiveStatus): void {
    status = next
    handlers.onStatus(next)
  }

  function connect(): void {
    pause?.cancel()
    pause = null
    isAwaitingWelcome = true
    isResumed = false
    lastError = null
    connectedAt = timers.now()
    if (status.state !== 'connecting') setStatus({ state: 'connecting', error: status.error, retryAt: null })
    connection = openConnection(runtime, { hello, onFrame: receive, onEnd: disconnected })
  }

  function disconnect(): void {
    connection?.close()
    connection = null
  }

  function disconnected(code: number, error: ClientError): void {
    connection = null
    const [finalCode, httpStatus] = FINAL_CLOSES[code] ?? []
    const reason = lastError ?? error
    if (finalCode !== undefined) {
      end(new ClientError(lastError?.code ?? finalCode, reason.message, { status: httpStatus ?? 0 }))
      return
    }
    if (!isAwaitingWelcome && timers.now() - connectedAt >= STABLE_MS) attempt = 0
    wait(jitteredDelay(attempt, runtime), reason)
    attempt += 1
  }

  function wait(delayMs: number, error: ClientError | null, isAsked = false): void {
    disconnect()
    isPauseAsked = isAsked
    pause = startPause(runtime, delayMs, connect)
    setStatus({ state: 'waiting', error, retryAt: pause.until })
  }

  /** A wait that the server asked for is never cut short. */
  function wake(reason: WakeReason): void {
    if (pause && !isPauseAsked) connect()
    else if (connection && (reason === 'online' || connection.silentMs() > STALE_MS)) {
      disconnect()
      connect()
    }
  }

  function receive(frame: ServerFrame): void {
    if (frame.type === 'welcome') welcome(frame)
    else if (frame.type === 'bye') {
      const error = new ClientError('unreachable', 'The server is shutting down or busy.')
      wait(Math.min(frame.retry_after_ms, MAX_BYE_MS), error, true)
    } else if (frame.type === 'error') lastError = new ClientError(frame.error.code, frame.error.message)
    else if (isAwaitingWelcome || !position) return
    else if (frame.type === 'sync') handlers.onSync(frame.status)
    else if (frame.type === 'reset') reset(frame)
    else if (frame.type === 'beat') {
      if (frame.position !== position.position) resume()
    } else if (frame.after !== position.position) resume()
    else take(frame.messages, { epoch: position.epoch, position: frame.position })
  }

  function take(messages: readonly MessageDetails[], next: Position): void {
    position = next
    isResumed = false
    attempt = 0
    if (messages.length > 0) handlers.onMessages(messages)
    if (connection && handlers.isFull()) hold()
  }

  function hold(): void {
    disconnect()
    setStatus({ state: 'waiting', error: null, retryAt: null })
  }

  function welcome({ epoch, position: place }: Position): void {
    isAwaitingWelcome = false
    // If it is another one than this client's, a reset follows.
    if (!position) begin({ epoch, position: place })
    if (status.state !== 'live') setStatus({ state: 'live', error: null, retryAt: null })
  }

  function begin(place: Position): void {
    position = place
    handlers.onStart()
  }

  /** The server's chain is another one than this client's: go on from here, once. */
  function resume(): void {
    if (isResumed) {
      disconnect()
      disconnected(1006, new ClientError('invalid-response', 'The frames do not follow each other.'))
      return
    }
    isResumed = true
    isAwaitingWelcome = true
    connection?.send(hello())
  }

  function reset({ epoch, position: place, reason }: Position & { reason: ResetReason }): void {
    if (reason === 'too_far' && handlers.readChanges && position?.epoch === epoch) {
      void catchUp(position, handlers.readChanges)
      return
    }
    begin({ epoch, position: place })
    handlers.onReset(reason)
  }

  /** Nothing is skipped, however much has changed: it is read page by page, then the channel goes on from there. */
  async function catchUp(from: Position, readChanges: (after: Position) => Promise<Changes>): Promise<void> {
    const mine = connection
    isAwaitingWelcome = true
    try {
      for (let after = from; connection === mine; ) {
        const { messages, epoch, position: place } = await readChanges(after)
        if (connection !== mine) return
        const isEnd = place === after.position
        after = { epoch, position: place }
        take(messages, after)
        if (isEnd) {
          connection?.send(hello())
          return
        }
      }
    } catch (error) {
      if (connection !== mine) return
      disconnect()
      disconnected(1006, error as ClientError)
    }
  }

  function end(error: ClientError | null): void {
    if (status.state === 'stopped' || status.state === 'closed') return
    stopWatching()
    pause?.cancel()
    pause = null
    disconnect()
    setStatus({ state: error ? 'stopped' : 'closed', error, retryAt: null })
  }

  connect()
  const stopWatching = onWake(wake)
  return {
    get position() {
      return position
    },
    get status() {
      return status
    },
    release() {
      if (status.state === 'waiting' && !pause) connect()
    },
    end,
  }
}
