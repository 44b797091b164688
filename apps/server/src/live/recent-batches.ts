import type { Batch } from './batch.js'

const MAX_MESSAGES = 1_000
const MAX_BYTES = 4 * 1024 * 1024

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
  let bytes = 0

  function drop(): void {
    const oldest = batches.shift() as Batch
    messages -= oldest.uids.size
    bytes -= oldest.length
  }

  return {
    add(batch) {
      // A client that comes back must not get a text that was deleted or edited while it was away.
      const outdated = batches.findLastIndex(({ uids }) => batch.revised.some((uid) => uids.has(uid)))
      for (const _ of batches.slice(0, outdated + 1)) drop()
      batches.push(batch)
      messages += batch.uids.size
      bytes += batch.length
      while (batches.length > 1 && (messages > MAX_MESSAGES || bytes > MAX_BYTES)) drop()
    },
    next(position) {
      if (position < (batches[0]?.after ?? Number.POSITIVE_INFINITY)) return undefined
      return batches.find((batch) => batch.position > position)
    },
    clear() {
      batches = []
      messages = 0
      bytes = 0
    },
  }
}
