import { performance } from 'node:perf_hooks'

/** The outcome for one item of a group: its result, or its own error. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: Error }

type Write<Item, Result> = (items: readonly Item[], waitedMs: number) => Promise<readonly Outcome<Result>[]>

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
 * Items added in one turn of the event loop, or while a group is being written, form the next group. `write` resolves
 * with one outcome for each item, in order. If it rejects, every call of the group rejects with its error. In an
 * outage, so does every call that has waited all that time: it would only wait once more.
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
  /** `waitedMs` is how long the first of the items has been waiting. */
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
    const group = waiting.splice(0, countFitting())
    const behind = waiting.length
    const error = await writeGroup(group, write)
    if (error !== undefined && isOutage(error)) {
      for (const { reject } of waiting.splice(0, behind)) reject(error)
    }
    isScheduled = waiting.length > 0
    if (isScheduled) setImmediate(writeNextGroup)
  }

  /** At least one, however large it is. */
  function countFitting(): number {
    let size = 0
    const count = waiting.findIndex(({ item }) => {
      size += sizeOf(item)
      return size > limit
    })
    return count < 0 ? waiting.length : Math.max(count, 1)
  }

  return add
}

/** Resolves with the error with which all calls of the group were rejected, if they were. */
async function writeGroup<Item, Result>(
  group: readonly Waiter<Item, Result>[],
  write: Write<Item, Result>,
): Promise<unknown> {
  const waitedMs = performance.now() - (group[0]?.addedAt ?? 0)
  try {
    const outcomes = await write(
      group.map(({ item }) => item),
      waitedMs,
    )
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
