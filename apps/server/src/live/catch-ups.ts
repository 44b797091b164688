import type { Position } from '@gitmsg/store'
import type { Batch, ReadBatches } from './batch.js'

/** How many clients read from the store at once; the others wait their turn. */
const MAX_READS = 4
/** After a restart many clients are at the same few places. */
const MAX_CACHED = 16

const MAX_CACHED_CHARACTERS = 512 * 1024

/** Reads for clients that are further behind than what is in memory. */
export interface CatchUps {
  /** Resolves with what comes next after a place; `undefined`: nothing. */
  next(place: Position): Promise<Batch | undefined>
  clear(): void
}

export function createCatchUps(readBatches: ReadBatches): CatchUps {
  const cache = new Map<string, Promise<readonly Batch[]>>()
  const waiting: (() => void)[] = []
  let reads = 0

  async function read(place: Position): Promise<readonly Batch[]> {
    if (reads === MAX_READS) await new Promise<void>((resolve) => waiting.push(resolve))
    else reads += 1
    try {
      return await readBatches(place)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else reads -= 1
    }
  }

  function remember(key: string, batches: Promise<readonly Batch[]>): void {
    cache.set(key, batches)
    batches.then(
      (read) => (isShort(read) ? undefined : cache.delete(key)),
      () => cache.delete(key),
    )
    const [oldest] = cache.keys()
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest)
  }

  /** What was read stays a valid next step: whatever of it has changed since comes again, at a later position. */
  async function next(place: Position): Promise<Batch | undefined> {
    const key = `${place.epoch}:${place.position}`
    const cached = cache.get(key)
    const reading = cached ?? read(place)
    if (!cached) remember(key, reading)
    const [first, ...rest] = await reading
    for (const batch of rest) remember(`${batch.epoch}:${batch.after}`, Promise.resolve([batch]))
    return first
  }

  return { next, clear: () => cache.clear() }
}

/** Whether batches are worth their memory. That there are none may change at any time. */
function isShort(batches: readonly Batch[]): boolean {
  const characters = batches.reduce((sum, { length }) => sum + length, 0)
  return batches.length > 0 && characters <= MAX_CACHED_CHARACTERS
}
