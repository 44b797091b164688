import type { Batch } from './batch.js'

const MAX_MESSAGES = 1_000
const MAX_CHARACTERS = 4 * 1024 * 1024

/** The latest batches, so that a client that was away for a moment needs no read. */
export interface RecentBatches {
  add(batch: Batch): void
  /** The batch with what comes next after a position; `undefined` if it is not here. */
  next(position: number): Batch | undefined
  clear(): void
}

export function createRecentBatches(): RecentBatches {
  /** Each begins where the one before ends. */
  let batches: Batch[] = []
  let messages = 0
  let characters = 0

  return {
    add(batch) {
      batches.push(batch)
      messages += batch.size
      characters += batch.length
      while (batches.length > 1 && (messages > MAX_MESSAGES || characters > MAX_CHARACTERS)) {
        const oldest = batches.shift() as Batch
        messages -= oldest.size
        characters -= oldest.length
      }
    },
    next(position) {
      if (position < (batches[0]?.after ?? Number.POSITIVE_INFINITY)) return undefined
      return batches.find((batch) => batch.position > position)
    },
    clear() {
      batches = []
      messages = 0
      characters = 0
    },
  }
}
