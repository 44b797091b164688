import type { Position, Store } from '@gitmsg/store'
import type { ServerFrame } from '../http/asyncapi/frame-schemas.js'
import type { Batch, Filter } from './batch.js'
import { encodeFrame, type Frame } from './frame.js'
import { type Follower, type Hub, isOtherOrder } from './hub.js'

/** A client that has more than this unsent gets nothing more until it has read everything. */
const MAX_UNSENT_BYTES = 64 * 1024
/** Further behind, a client reads its pages again. */
const MAX_BEHIND = 5_000

type ResetReason = Extract<ServerFrame, { type: 'reset' }>['reason']

/** Sends frames to one client, over whatever connects it. */
export interface Outlet {
  /** Sends a frame. Calls `onSent` when the operating system has it. */
  send(frame: Frame, onSent: () => void): void
  /** Bytes of frames that the operating system has not taken yet. */
  readonly unsentBytes: number
}

/** Where a client begins or goes on. */
interface Start {
  /** `null`: now. */
  readonly after: Position | null
  readonly filter: Filter | null
}

/** Keeps one client's chain of frames closed: at its own place in the feed, and at its own pace. */
export interface FeedFollower {
  /** Where the client is; `null` until it has started. */
  readonly place: Position | null
  /** Since when the client has not read what was sent, in milliseconds of `performance.now()`; `null`: it has. */
  readonly behindSince: number | null
  /** Starts at a place. `welcome` is called with it right before frames go on from there. */
  start(start: Start, welcome: (place: Position) => void): Promise<void>
  /** Sends a frame that is not of the feed. */
  send(frame: Frame): void
  /** Changes what the client gets. */
  narrow(filter: Filter | null): void
  /** Updates `behindSince` without a frame. */
  measure(): void
  stop(): void
}

export interface FollowerOptions {
  readonly hub: Hub
  readonly store: Pick<Store, 'position' | 'countChangedSince'>
  readonly outlet: Outlet
  /** Called with what went wrong, if the client cannot be served any more. */
  readonly onFailure: (error: unknown) => void
}

export function createFollower({ hub, store, outlet, onFailure }: FollowerOptions): FeedFollower {
  let place: Position | null = null
  let filter: Filter | null = null
  let behindSince: number | null = null
  let isCatchingUp = false
  let isStopped = false
  /** Frames that the operating system has not taken yet. */
  let unsentFrames = 0
  let onDrained: (() => void) | null = null
  const follower: Follower = { deliver, follow }

  return {
    get place() {
      return place
    },
    get behindSince() {
      return behindSince
    },
    start,
    send,
    measure,
    narrow(wanted) {
      filter = wanted
    },
    stop() {
      isStopped = true
      hub.leave(follower)
      onDrained?.()
    },
  }

  async function start({ after, filter: wanted }: Start, welcome: (place: Position) => void): Promise<void> {
    const current = await store.position()
    const reason = after && (await findResetReason(after, current))
    if (isStopped) return
    place = after && reason === null ? after : current
    filter = wanted
    welcome(place)
    if (reason !== null) sendReset(place, reason)
    hub.join(follower, current)
    catchUp()
  }

  async function findResetReason(after: Position, current: Position): Promise<ResetReason | null> {
    if (after.epoch !== current.epoch) return 'epoch_changed'
    if (after.position > current.position) return 'position_ahead'
    if (current.position - after.position <= MAX_BEHIND) return null
    const changed = await store.countChangedSince(after, MAX_BEHIND + 1)
    return changed > MAX_BEHIND ? 'too_far' : null
  }

  function deliver(batch: Batch): void {
    if (!place || isCatchingUp || batch.epoch !== place.epoch || batch.position <= place.position) return
    if (batch.after > place.position || isFull()) catchUp()
    else sendBatch(batch, place)
  }

  function follow(latest: Position): void {
    if (!place) return
    if (place.epoch !== latest.epoch) reset(latest, 'epoch_changed')
    else if (latest.position > place.position) catchUp()
  }

  function reset(latest: Position, reason: ResetReason): void {
    place = latest
    sendReset(latest, reason)
    catchUp()
  }

  function sendBatch(batch: Batch, from: Position): void {
    place = { epoch: batch.epoch, position: batch.position }
    send(batch.frameFor(from.position, filter))
  }

  function sendReset({ epoch, position }: Position, reason: ResetReason): void {
    send(encodeFrame({ type: 'reset', epoch, position, reason }, { epoch, position }))
  }

  function send(frame: Frame): void {
    if (isStopped) return
    unsentFrames += 1
    outlet.send(frame, handleSent)
  }

  function handleSent(): void {
    unsentFrames -= 1
    if (unsentFrames > 0) return
    behindSince = null
    onDrained?.()
  }

  /** Most often, nothing is unsent, and the connection need not be asked. */
  function isFull(): boolean {
    return unsentFrames > 0 && outlet.unsentBytes > MAX_UNSENT_BYTES
  }

  function measure(): void {
    if (isFull()) behindSince ??= performance.now()
  }

  function catchUp(): void {
    if (isCatchingUp) return
    isCatchingUp = true
    sendUntilCurrent().catch(onFailure)
  }

  async function sendUntilCurrent(): Promise<void> {
    try {
      while (!isStopped && place) {
        if (isFull()) await drained()
        else if (hub.isCurrent(place)) return
        else if (!(await sendNext(place))) return
      }
    } finally {
      // At once, because the hub may deliver the next batch right now.
      isCatchingUp = false
    }
  }

  /** Resolves with whether there was something to send. */
  async function sendNext(from: Position): Promise<boolean> {
    try {
      const batch = await hub.next(from)
      // It may have started elsewhere meanwhile.
      if (isStopped || place !== from) return true
      if (batch) sendBatch(batch, from)
      return batch !== undefined
    } catch (error) {
      if (!isOtherOrder(error)) throw error
      const latest = await store.position()
      if (place === from) reset(latest, latest.epoch === from.epoch ? 'position_ahead' : 'epoch_changed')
      return true
    }
  }

  async function drained(): Promise<void> {
    measure()
    await new Promise<void>((resolve) => {
      onDrained = resolve
    })
    onDrained = null
  }
}
