import { performance } from 'node:perf_hooks'

/** The outcome for one item of a group: its result, or its own error. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: Error }

/** Items that are written together. */
export interface WriteGroup<Item> {
  /** Grows by those that join it. */
  readonly items: readonly Item[]
  /** How long the first of the items has been waiting. */
  readonly waitedMs: number
  /** Adds items that wait by now, in order, as long as they fit and `canJoin`. */
  join(canJoin: (item: Item) => boolean): void
}

type Write<Item, Result> = (group: WriteGroup<Item>) => Promise<readonly Outcome<Result>[]>

interface Waiter<Item, Result> {
  readonly item: Item
  /** In milliseconds of `performance.now()`. */
  readonly addedAt: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers items and writes them together, so that many calls share the cost of one durable transaction.
 *
 * Items added in one turn of the event loop, or while a group is being written, form the next group; a write that has
 * to wait for something can let them join its own. `write` resolves with one outcome for each item, in order. If it
 * rejects, every call of the group rejects with its error. In an outage, so does every call that has waited all that
 * time: it would only wait once more.
 */
export function createWriteGroup<Item, Result>({
  limit,
  sizeOf,
  write,
  isOutage,
}: {
  /** The maximum size of a group of several items. */
  readonly limit: number
  /** How much work an item is. */
  readonly sizeOf: (item: Item) => number
  readonly write: Write<Item, Result>
  /** Whether a write failed because the database was busy or unavailable for as long as it may be. */
  readonly isOutage: (error: unknown) => boolean
}): (item: Item) => Promise<Result> {
  const waiting: Waiter<Item, Result>[] = []
  let isScheduled = false

  function add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ item, addedAt: performance.now(), resolve, reject })
      if (isScheduled) return
      isScheduled = true
      setImmediate(writeNextGroup)
    })
  }

  async function writeNextGroup(): Promise<void> {
    const startedAt = performance.now()
    const error = await writeGroup()
    if (error !== undefined && isOutage(error)) {
      const later = waiting.findIndex(({ addedAt }) => addedAt > startedAt)
      for (const { reject } of waiting.splice(0, later < 0 ? waiting.length : later)) reject(error)
    }
    isScheduled = waiting.length > 0
    if (isScheduled) setImmediate(writeNextGroup)
  }

  /** Resolves with the error with which all calls of the group were rejected, if they were. */
  async function writeGroup(): Promise<unknown> {
    const group: Waiter<Item, Result>[] = []
    const items: Item[] = []
    let room = limit
    /** An item that is larger than the limit has a group of its own. */
    function join(canJoin: (item: Item) => boolean): void {
      for (let next = waiting[0]; next && canJoin(next.item); next = waiting[0]) {
        room -= sizeOf(next.item)
        if (room < 0 && group.length > 0) break
        waiting.shift()
        group.push(next)
        items.push(next.item)
      }
    }
    join(() => true)
    const waitedMs = performance.now() - (group[0]?.addedAt ?? 0)
    try {
      const outcomes = await write({ items, waitedMs, join })
      for (const [position, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[position]
        if (outcome && 'result' in outcome) resolve(outcome.result)
        else reject(outcome?.error ?? new Error('write returned no outcome for this item'))
      }
      return undefined
    } catch (error) {
      for (const { reject } of group) reject(error)
      return error
    }
  }

  return add
}
