import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Position, type Store, StoreError } from '@gitmsg/store'
import type { Logger } from 'pino'
import { MAX_MESSAGES_PER_FRAME } from '../http/asyncapi/frame-schemas.js'
import type { Batch, ReadBatches } from './batch.js'
import { createCatchUps } from './catch-ups.js'
import { createRecentBatches } from './recent-batches.js'

/** One connection, as the hub sees it. */
export interface Follower {
  /** Receives what all get. */
  deliver(batch: Batch): void
  /** Called after each read: the order of positions may have become another one. */
  follow(place: Position): void
}

/** Reads the feed once for all followers. */
export interface Hub {
  /** @param current the feed's place, read just now */
  join(follower: Follower, current: Position): void
  leave(follower: Follower): void
  /** Reports that the feed may have changed. */
  wake(): void
  /** Whether a place is as far as the followers have got. */
  isCurrent(place: Position): boolean
  /**
   * Resolves with what comes next after a place, from memory or the store; `undefined`: nothing yet.
   *
   * @throws {StoreError}
   */
  next(place: Position): Promise<Batch | undefined> | Batch | undefined
  close(): Promise<void>
}

export interface HubOptions {
  readonly store: Pick<Store, 'revision' | 'position'>
  readonly readBatches: ReadBatches
  readonly logger: Logger
  /** The shortest time between two reads. */
  readonly gatherMs: number
  /** How often to look for changes of other processes and threads. */
  readonly pollMs: number
  /** Called with the time from the first sign of a change until it was sent. */
  readonly onLag: (milliseconds: number) => void
}

export function createHub(options: HubOptions): Hub {
  const { store, readBatches, logger, gatherMs, pollMs, onLag } = options
  const followers = new Set<Follower>()
  const recent = createRecentBatches()
  const catchUps = createCatchUps(readBatches)
  /** What the followers have got; meaningless while there are none. */
  let place: Position = { epoch: '', position: 0 }
  let readRevision = ''
  let readAt = Number.NEGATIVE_INFINITY
  let noticedAt: number | null = null
  let timer: NodeJS.Timeout | undefined
  let reading: Promise<void> | null = null
  let isClosed = false
  const poll = setInterval(wakeForOthers, pollMs)
  poll.unref()

  return { join, leave, wake, isCurrent, next, close }

  function join(follower: Follower, current: Position): void {
    if (followers.size === 0) restart(current)
    // One of them is of an order that has ended: the next read finds out which.
    if (current.epoch !== place.epoch) readRevision = ''
    followers.add(follower)
    wake()
  }

  function leave(follower: Follower): void {
    followers.delete(follower)
  }

  function restart(current: Position): void {
    place = current
    readRevision = ''
    recent.clear()
    catchUps.clear()
  }

  function wake(): void {
    if (followers.size > 0) noticedAt ??= performance.now()
    schedule()
  }

  function wakeForOthers(): void {
    if (timer === undefined && reading === null) schedule()
  }

  function schedule(): void {
    if (timer !== undefined || isClosed || followers.size === 0) return
    timer = setTimeout(startReading, Math.max(0, readAt + gatherMs - performance.now()))
  }

  function startReading(): void {
    timer = undefined
    // What comes during a read is found by the next one.
    if (reading) return void reading.then(schedule)
    reading = readSafely().finally(() => {
      reading = null
    })
  }

  async function readSafely(): Promise<void> {
    try {
      await read()
    } catch (error) {
      readRevision = ''
      if (error instanceof StoreError && error.code === 'closed') return
      logger.error({ err: error }, 'cannot read what changed')
    }
  }

  async function read(): Promise<void> {
    const revision = await store.revision()
    const since = noticedAt ?? performance.now()
    noticedAt = null
    if (revision === readRevision) return
    readAt = performance.now()
    readRevision = revision
    let hasSent = false
    try {
      hasSent = await readToEnd()
    } catch (error) {
      if (!isOtherOrder(error)) throw error
      restart(await store.position())
    }
    for (const follower of followers) follower.follow(place)
    if (hasSent) onLag(performance.now() - since)
  }

  /** Resolves with whether there was something to send. What is stored meanwhile is gathered for the next read. */
  async function readToEnd(): Promise<boolean> {
    for (let hasSent = false; ; hasSent = true) {
      const batches = await readBatches(place)
      if (batches.length === 0 || followers.size === 0) return hasSent
      for (const batch of batches) send(batch)
      const messages = batches.reduce((sum, { uids }) => sum + uids.size, 0)
      if (messages < MAX_MESSAGES_PER_FRAME) return true
      await nextTurn()
    }
  }

  function send(batch: Batch): void {
    // A follower may have joined after the last one had left, at a later place.
    if (batch.after !== place.position || batch.epoch !== place.epoch) return
    recent.add(batch)
    if (batch.revised.length > 0) catchUps.clear()
    place = { epoch: batch.epoch, position: batch.position }
    for (const follower of followers) follower.deliver(batch)
    batch.release()
  }

  function isCurrent({ epoch, position }: Position): boolean {
    return epoch === place.epoch && position >= place.position
  }

  function next(from: Position): Promise<Batch | undefined> | Batch | undefined {
    const known = from.epoch === place.epoch ? recent.next(from.position) : undefined
    return known ?? catchUps.next(from)
  }

  async function close(): Promise<void> {
    isClosed = true
    clearInterval(poll)
    clearTimeout(timer)
    await reading
  }
}

/** Whether a place is not one of the feed's order of positions. */
export function isOtherOrder(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'epoch-changed' || error.code === 'position-ahead')
}
