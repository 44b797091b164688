/** The outcome for one item of a group: its result, or its own error. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: Error }

type Write<Item, Result> = (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>

interface Waiter<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers items and writes them together, so that many calls share the cost of one durable transaction.
 *
 * Items added in one turn of the event loop, or while a group is being written, form the next group. `write` resolves
 * with one outcome for each item, in order. If it rejects, every call of the group rejects with its error, and so do
 * those that wait for the next group if that would only fail as slowly.
 */
export function createWriteGroup<Item, Result>({
  limit,
  sizeOf,
  write,
  meetsNextGroup = () => false,
}: {
  /** The maximum size of a group of several items. */
  readonly limit: number
  /** How much work an item is. */
  readonly sizeOf: (item: Item) => number
  readonly write: Write<Item, Result>
  /** Whether an error of `write` is to be expected of the next group, too. */
  readonly meetsNextGroup?: (error: unknown) => boolean
}): (item: Item) => Promise<Result> {
  const waiting: Waiter<Item, Result>[] = []
  let isScheduled = false

  function add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isScheduled) return
      isScheduled = true
      setImmediate(writeNextGroup)
    })
  }

  async function writeNextGroup(): Promise<void> {
    const group = waiting.splice(0, countFitting())
    try {
      await writeGroup(group, write)
    } catch (error) {
      const failed = meetsNextGroup(error) ? [...group, ...waiting.splice(0)] : group
      for (const { reject } of failed) reject(error)
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

async function writeGroup<Item, Result>(
  group: readonly Waiter<Item, Result>[],
  write: Write<Item, Result>,
): Promise<void> {
  const outcomes = await write(group.map(({ item }) => item))
  for (const [position, { resolve, reject }] of group.entries()) {
    const outcome = outcomes[position]
    if (outcome && 'result' in outcome) resolve(outcome.result)
    else reject(outcome?.error ?? new Error('write returned no outcome for this item'))
  }
}
