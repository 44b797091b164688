import type { Store } from '@gitmsg/store'
import { PreconditionError } from './precondition-error.js'

/**
 * Runs `work` while nobody else synchronizes this database.
 *
 * @throws {PreconditionError} `synchronizing`, at once, where somebody does
 */
export async function withSyncLock<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const lock = store.acquireSyncLock()
  if (!lock) {
    throw new PreconditionError(
      'synchronizing',
      'A server synchronizes this database: stop it, and try again.',
    )
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}
