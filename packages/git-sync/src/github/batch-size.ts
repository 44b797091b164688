import type { BatchLimits } from '../git-backend.js'

const MOST_FILES = 100
const MOST_BYTES = 1024 * 1024
/** Successes in a row after which a batch may be larger again. */
const RECOVERY = 3

/** How much GitHub takes in one tree: nobody says how much that is, so it is learnt from its answers. */
export interface BatchSize {
  readonly limits: BatchLimits
  /** GitHub could not do it in time. */
  shrink(): void
  /** A batch was written. */
  succeeded(): void
}

/** Begins with 100 files of 1 MiB together; halves and doubles. */
export function createBatchSize(): BatchSize {
  let divisor = 1
  let successes = 0
  return {
    get limits() {
      return {
        commits: 1,
        filesPerCommit: Math.max(1, Math.floor(MOST_FILES / divisor)),
        bytes: Math.floor(MOST_BYTES / divisor),
      }
    },
    shrink() {
      divisor = Math.min(divisor * 2, 128)
      successes = 0
    },
    succeeded() {
      successes += 1
      if (successes < RECOVERY || divisor === 1) return
      divisor /= 2
      successes = 0
    },
  }
}
