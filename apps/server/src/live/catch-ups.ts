import type { Position } from '@gitmsg/store'
import type { Batch, ReadBatches } from './batch.js'

/** How many clients read from the store at once; the others wait their turn. */
const MAX_READS = 4
/** After a restart many clients are at the same few places. */
const MAX_BYTES = 4 * 1024 * 1024

/** Reads for clients that are further behind than what is in memory. */
export interface CatchUps {
  /** Resolves with what comes next after a place; `undefined`: nothing. */
  next(place: Position): Promise<Batch | undefined> | Batch
  /** Forgets what was read. */
  clear(): void
}

export function createCatchUps(readBatches: ReadBatches): CatchUps {
  /** What was read, by the place before it. It stays a valid next step: what changes later comes again. */
  const known = new Map<string, Batch>()
  const reads = new Map<string, Promise<readonly Batch[]>>()
  const waiting: (() => void)[] = []
  let readers = 0
  let bytes = 0

  async function read(place: Position): Promise<readonly Batch[]> {
    if (readers === MAX_READS) await new Promise<void>((resolve) => waiting.push(resolve))
    else readers += 1
    try {
      return await readBatches(place)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else readers -= 1
    }
  }

  async function startRead(key: string, place: Position): Promise<readonly Batch[]> {
    const reading = read(place)
    reads.set(key, reading)
    try {
      const batches = await reading
      // Otherwise it may be outdated.
      if (reads.get(key) === reading) for (const batch of batches) remember(batch)
      return batches
    } finally {
      if (reads.get(key) === reading) reads.delete(key)
    }
  }

  function remember(batch: Batch): void {
    batch.release()
    forget(keyOf(batch.epoch, batch.after))
    known.set(keyOf(batch.epoch, batch.after), batch)
    bytes += batch.length
    for (const key of known.keys()) {
      if (bytes <= MAX_BYTES) return
      forget(key)
    }
  }

  function forget(key: string): void {
    bytes -= known.get(key)?.length ?? 0
    known.delete(key)
  }

  return {
    next(place) {
      const key = keyOf(place.epoch, place.position)
      const reading = () => reads.get(key) ?? startRead(key, place)
      return known.get(key) ?? reading().then(([first]) => first)
    },
    clear() {
      known.clear()
      reads.clear()
      bytes = 0
    },
  }
}

const keyOf = (epoch: string, position: number): string => `${epoch}:${position}`
