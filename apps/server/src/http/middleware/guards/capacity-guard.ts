import type { Store } from '@gitmsg/store'
import { HttpProblem } from '../../http-problem.js'

/** Most messages that may be waiting for the repository. */
const MOST_PENDING = 2_000_000
/** Bytes of the disk that are kept free, or a part of a small one: for reading, checkpoints and the repository. */
const RESERVE = 256 * 1024 * 1024
const RESERVED_PART = 0.05
/** Milliseconds for which an answer is good. */
const LOOK_AGAIN = 1_000

export interface RoomDependencies {
  readonly store: Pick<Store, 'summary'>
  /** What is free on the disk of the data directory, and how large it is, in bytes. */
  readonly readDisk: () => Promise<{ free: number; size: number }>
  readonly monotonic: () => number
}

/** Throws while there is no room for another message: looked at once a second at most. */
export type AssertRoom = () => Promise<void>

export function createAssertRoom({ store, readDisk, monotonic }: RoomDependencies): AssertRoom {
  let lookedAt = Number.NEGATIVE_INFINITY
  let problem: HttpProblem | null = null

  return async function assertRoom() {
    if (monotonic() - lookedAt >= LOOK_AGAIN) {
      lookedAt = monotonic()
      problem = await look()
    }
    if (problem) throw problem
  }

  async function look(): Promise<HttpProblem | null> {
    const { free, size } = await readDisk()
    if (free < Math.min(RESERVE, size * RESERVED_PART)) {
      return new HttpProblem(507, 'storage_full', 'There is no room to store messages.')
    }
    const { pending } = await store.summary()
    if (pending < MOST_PENDING) return null
    return new HttpProblem(503, 'backlog_full', 'Too many messages wait for the repository. Try again later.')
  }
}
