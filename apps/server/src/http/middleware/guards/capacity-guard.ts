import type { SyncStatus } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Middleware } from 'koa'
import { type HttpError, problem } from '../../errors.js'

const MAX_PENDING_MESSAGES = 2_000_000
/** Disk space that stays free for reads, checkpoints and the repository; on a small disk a part of it. */
const RESERVED_BYTES = 256 * 1024 * 1024
const RESERVED_SHARE = 0.05
const CHECK_INTERVAL_MS = 1_000

export interface CapacityDependencies {
  readonly status: () => Promise<Pick<SyncStatus, 'pending' | 'last_error'>>
  readonly store: Pick<Store, 'storage'>
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/**
 * Throws `storage_full`, `backlog_full`, or `storage_corrupt` if the synchronization found the database damaged, while no
 * more messages can be accepted.
 */
export type AssertCapacity = () => Promise<void>

/** Measures at most once a second. */
export function createCapacityCheck(dependencies: CapacityDependencies): AssertCapacity {
  const { monotonic } = dependencies
  let checkedAt = Number.NEGATIVE_INFINITY
  let error: HttpError | null = null

  return async function assertCapacity() {
    if (monotonic() - checkedAt >= CHECK_INTERVAL_MS) {
      checkedAt = monotonic()
      error = await findShortage(dependencies)
    }
    if (error) throw error
  }
}

async function findShortage({ status, store }: CapacityDependencies): Promise<HttpError | null> {
  const { freeBytes, diskBytes } = await store.storage()
  const reserved = Math.min(RESERVED_BYTES, (diskBytes ?? 0) * RESERVED_SHARE)
  if (freeBytes !== null && freeBytes < reserved) return problem('storage_full')
  const { pending, last_error } = await status()
  if (last_error?.code === 'database-corrupt') return problem('storage_corrupt')
  return pending < MAX_PENDING_MESSAGES ? null : problem('backlog_full')
}

/** Rejects new messages while the capacity is exhausted. */
export function rejectWhileFull(assertCapacity: AssertCapacity): Middleware {
  return async function capacityGuard(_context, next) {
    await assertCapacity()
    return next()
  }
}

/** Rejects new work during a shutdown; requests under way still complete. */
export function rejectWhileDraining(isDraining: () => boolean): Middleware {
  return function drainGuard(_context, next) {
    if (isDraining()) throw problem('shutting_down')
    return next()
  }
}
