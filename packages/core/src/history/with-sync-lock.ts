import type { Store, SyncLock } from '@gitmsg/store'

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

/** The store as the holder of this lock uses it: once the lock is lost, the writes of the synchronization are rejected. */
export function underLock(store: Store, lock: SyncLock): Store {
  const options = { lock }
  return {
    ...store,
    settle: (settlement) => store.settle(settlement, options),
    quarantine: (uid, reason, { version } = {}) => store.quarantine(uid, reason, { version, lock }),
    resetSynchronization: () => store.resetSynchronization(options),
    markPending: (uids) => store.markPending(uids, options),
    eraseTraces: (uids) => store.eraseTraces(uids, options),
  }
}

/**
 * Runs `work` while no other process synchronizes this database, with the same options except that the store's writes
 * need the lock, and that the signal also aborts once the lock is lost.
 *
 * @throws {PreconditionError} `synchronizing`, at once, if another process does
 * @throws {StoreError} `lock-lost`, if the lock was lost meanwhile
 */
export async function withSyncLock<
  Options extends { readonly store: Store; readonly signal?: AbortSignal },
  Result,
>(options: Options, work: (locked: Options) => Promise<Result>): Promise<Result> {
  const { store, signal } = options
  const lock = await store.acquireSyncLock()
  if (!lock) {
    throw new PreconditionError('synchronizing', 'a server synchronizes this database: stop it and try again')
  }
  try {
    const signals = signal ? [signal, lock.lost] : [lock.lost]
    return await work({ ...options, store: underLock(store, lock), signal: AbortSignal.any(signals) })
  } catch (error) {
    lock.lost.throwIfAborted()
    throw error
  } finally {
    await lock.release()
  }
}
