import type { MessageIdentity, StoredMessage, VersionFields } from './stored-message.js'

/** One version of a message that must still reach the repository. Changes are ordered by `rank`, then `sequence`. */
export interface Change {
  /** The change's number in the outbox: higher for later changes, never reused. */
  readonly sequence: number
  /** Lower for versions that a lost history had; see {@link Store.resetSynchronization}. */
  readonly rank: number
  /** The message in the version that must reach the repository. */
  readonly message: StoredMessage
}

/** A change that was taken out of the queue because the repository can never accept it. */
export interface QuarantinedChange extends Change {
  /** The reason given to {@link Store.quarantine}. */
  readonly reason: string
  /** When it was quarantined: RFC 3339 in UTC with milliseconds. */
  readonly quarantined_at: string
}

/** One version of a message that was read from the repository. A tombstone has `deleted_at`, and no content. */
export interface RecordedVersion extends MessageIdentity, VersionFields, Pick<StoredMessage, 'deleted_at'> {
  /** The commit that contains the version. */
  readonly git_hash: string
  /** The id to assign to a new message if it is free. Otherwise, and by default, it gets the next free id. */
  readonly preferred_id?: number
}

/**
 * What became of a {@link RecordedVersion}.
 *
 * - `stored`: its message is new to this database
 * - `settled`: it is a version of this database, which was pending
 * - `applied`: it is a newer version, which was made elsewhere
 * - `known`: it is the version that the repository was known to have
 * - `outdated`: the repository was known to have a later version
 * - `conflict`: it contradicts what is stored, and was not stored: it has another sender, time, path or text
 */
export type RecordOutcome = 'stored' | 'settled' | 'applied' | 'known' | 'outdated' | 'conflict'

/**
 * The commit of the cursor while {@link Store.resetSynchronization} is at work: Git's null hash, which no branch
 * contains.
 */
export const RESETTING = '0'.repeat(40)

/** How far this database has followed the repository. There is one cursor per database. */
export interface Cursor {
  /** The last commit whose content is all stored here, and the parent of the next one; `null` if there is none yet. */
  readonly commit: string | null
  /** Version of the repository's format; `null` until the repository is known to declare one. */
  readonly format: number | null
}

/** A version that was published, with its commit. */
export interface PublishedVersion {
  /** The message's uid. */
  readonly uid: string
  /** The version that was published. */
  readonly version: number
  /** The commit that contains it. */
  readonly git_hash: string
}

/** The results of one step of synchronization. {@link Store.settle} writes them in one transaction. */
export interface Settlement {
  /** Versions that the repository is known to have. Unknown uids are ignored. Default: none. */
  readonly published?: readonly PublishedVersion[]
  /** Versions read from the repository, in the order of its commits. Default: none. */
  readonly recorded?: readonly RecordedVersion[]
  /** The new cursor. */
  readonly cursor: Cursor
}

/** The state of the outbox, for status pages and metrics. */
export interface SyncSummary {
  /** Number of changes not yet known to be in the repository, without the quarantined ones. */
  readonly pending: number
  /** Number of quarantined changes. */
  readonly quarantined: number
  /** `updated_at` of the version of the oldest pending change; `null` if nothing is pending. */
  readonly oldest_pending_at: string | null
  /** When {@link Store.settle} last synchronized a message; `null` if it never has. */
  readonly last_synchronized_at: string | null
  /** When {@link Store.resetSynchronization} was called; `null` again once a settlement leaves nothing pending. */
  readonly history_lost_at: string | null
}

/**
 * The right to synchronize, held until it is released or lost, the store is closed, or the process ends. A write that is
 * given the lock checks it in its own transaction, so a holder that is late changes nothing.
 */
export interface SyncLock {
  /**
   * Aborts if the lock is lost while it is held; its reason is a {@link StoreError} `lock-lost`. Never aborts for a
   * SQLite file, whose lock is the kernel's.
   */
  readonly lost: AbortSignal
  /** Releases the lock; never rejects. Calling it again does nothing. */
  release(): Promise<void>
}

/** Options of the writes that belong to the synchronization. */
export interface SyncWriteOptions {
  /** Rejects with `lock-lost`, and writes nothing, unless this lock is held by the store. Default: not checked. */
  readonly lock?: SyncLock | undefined
}
