/** What became of one item of a group: its result, or the error that is its own. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: Error }

interface Caller<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers calls and writes them together, so that many share the cost of one durable transaction.
 *
 * Items added in one turn of the event loop, or while a group is being written, form the next group. `write`
 * answers with one outcome for each item, in order; when it throws, every caller of the group is rejected.
 */
export function createWriteGroup<Item, Result>(options: {
  /** The most items in a group. */
  readonly limit: number
  readonly write: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>
}): (item: Item) => Promise<Result> {
  const waiting: Caller<Item, Result>[] = []
  let scheduled = false

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (scheduled) return
      scheduled = true
      setImmediate(writeNext)
    })

  async function writeNext(): Promise<void> {
    await settle(waiting.splice(0, options.limit), options.write)
    scheduled = waiting.length > 0
    if (scheduled) setImmediate(writeNext)
  }
}

async function settle<Item, Result>(
  callers: readonly Caller<Item, Result>[],
  write: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
): Promise<void> {
  try {
    const outcomes = await write(callers.map(({ item }) => item))
    for (const [position, { resolve, reject }] of callers.entries()) {
      const outcome = outcomes[position]
      if (outcome && 'result' in outcome) resolve(outcome.result)
      else reject(outcome?.error ?? new Error('the group left a caller without an outcome'))
    }
  } catch (error) {
    for (const { reject } of callers) reject(error)
  }
}
