import type { Store } from '@gitmsg/store'

/**
 * Why a repair, a restore or a purge did not start.
 *
 * - `synchronizing`: another process synchronizes this database; stop it first
 * - `not-empty`: the database has messages of its own, which a restore must not mix with others
 * - `unknown-message`: the database does not have a message that is to be purged
 * - `not-deleted`, `not-edited`: only deleted messages, and earlier versions of edited ones, can be purged
 * - `not-synchronized`: the repository does not have the deletion or the edit yet
 */
export type PreconditionErrorCode =
  | 'synchronizing'
  | 'not-empty'
  | 'unknown-message'
  | 'not-deleted'
  | 'not-edited'
  | 'not-synchronized'

/** A precondition was not met. Nothing was changed. */
export class PreconditionError extends Error {
  /** Used by `instanceof`. */
  override readonly name = 'PreconditionError'
  /** Why it did not start. */
  readonly code: PreconditionErrorCode

  constructor(code: PreconditionErrorCode, message: string) {
    super(message)
    this.code = code
  }

  /** Compares names, so that errors of another copy of this package (ES module and CommonJS, two versions) match. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PreconditionError'
  }
}

/**
 * Runs `work` while no other process synchronizes this database.
 *
 * @throws {PreconditionError} `synchronizing`, at once, if one does
 */
export async function withSyncLock<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const lock = store.acquireSyncLock()
  if (!lock) {
    throw new PreconditionError('synchronizing', 'a server synchronizes this database: stop it and try again')
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}
