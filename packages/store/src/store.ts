/**
 * A message as it is stored. The field names are the columns of the table `messages`. All times are RFC 3339 in UTC
 * with milliseconds, such as `2025-01-09T00:06:41.000Z`.
 */
export interface StoredMessage {
  /** The message's number in this database: 1, 2, 3 and so on, never reused. */
  readonly id: number
  /** The message's global id: the same in every database and repository. */
  readonly uid: string
  /** The text, exactly as given. */
  readonly content: string
  /** The sender, exactly as given. */
  readonly sender: string
  /** When the message was sent, according to its sender. */
  readonly timestamp: string
  /** The commit that contains the message; `null` until the repository is known to have it. */
  readonly git_hash: string | null
  /** Whether the repository is known to have the message. */
  readonly is_synchronized: boolean
  /** When the database in which the message was created stored it. */
  readonly created_at: string
  /** Time of the last edit. Synchronization does not change it. */
  readonly updated_at: string
  /** Path of the message's file in the repository, whether it is there yet or not. */
  readonly path: string
  /** The `id` in the message's file: its number in the database in which it was created. */
  readonly origin_id: number
}

/** A message to create. The store assigns its id. */
export interface NewMessage
  extends Omit<StoredMessage, 'id' | 'git_hash' | 'is_synchronized' | 'path' | 'origin_id'> {
  /**
   * Returns the path for an id. Called inside the transaction, and again if that is repeated, so it must have no
   * side effects. If it throws, creating the message rejects with `invalid-argument`.
   */
  readonly path: (id: number) => string
  /**
   * Makes repeating the call safe: the same key with the same fingerprint returns the message of the first call and
   * creates nothing; with another fingerprint it rejects with `idempotency-key-reused`. Kept for at least 24 hours.
   */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string }
  /** If it aborts before the message's turn to be written, the call rejects with `aborted` and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/** Selects messages to list, newest (highest id) first. All given conditions must hold. */
export interface MessageQuery {
  /** Maximum number of messages, 1 to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids below this one. */
  readonly before?: number
  /** Only ids above this one: those nearest to it, still newest first. */
  readonly after?: number
  /** Only messages from exactly this sender. */
  readonly sender?: string
  /** Only messages with this `timestamp` or a later one. */
  readonly since?: string
  /** Only messages with an earlier `timestamp` than this one. */
  readonly until?: string
  /** `true`: only messages that the repository is known to have. `false`: only the rest. */
  readonly synchronized?: boolean
}

/** A message that must still reach the repository. Changes are ordered by `sequence`. */
export interface Change {
  /** The change's place in the outbox: higher for later changes, never reused. */
  readonly sequence: number
  /** The message as it is stored now. */
  readonly message: StoredMessage
}

/** A change that was taken out of the queue because the repository can never accept it. */
export interface QuarantinedChange extends Change {
  /** The reason given to {@link Store.quarantine}. */
  readonly reason: string
  /** When it was quarantined: RFC 3339 in UTC with milliseconds. */
  readonly quarantined_at: string
}

/** A message that was read from the repository. */
export interface ImportedMessage extends Omit<StoredMessage, 'id' | 'git_hash' | 'is_synchronized'> {
  /** The commit that contains the message. */
  readonly git_hash: string
  /** The id to assign if it is free. Otherwise, and by default, the message gets the next free id. */
  readonly preferred_id?: number
}

/** How far this database has followed the repository. There is one cursor per database. */
export interface Cursor {
  /** The last commit whose content is all stored here, and the parent of the next one; `null` if there is none yet. */
  readonly commit: string | null
  /** Version of the repository's format; `null` until the repository is known to declare one. */
  readonly format: number | null
}

/** The results of one step of synchronization. {@link Store.settle} writes them in one transaction. */
export interface Settlement {
  /** Messages that the repository is known to have, by uid. Unknown uids are ignored. */
  readonly synchronized: readonly { readonly uid: string; readonly git_hash: string }[]
  /** Messages read from the repository. Those whose uid is already stored are skipped. Default: none. */
  readonly imported?: readonly ImportedMessage[]
  /** The new cursor. */
  readonly cursor: Cursor
}

/** The state of the outbox, for status pages and metrics. */
export interface SyncSummary {
  /** Number of changes not yet known to be in the repository, without the quarantined ones. */
  readonly pending: number
  /** Number of quarantined changes. */
  readonly quarantined: number
  /** `created_at` of the message with the oldest pending change; `null` if nothing is pending. */
  readonly oldest_pending_at: string | null
  /** When {@link Store.settle} last synchronized a message; `null` if it never has. */
  readonly last_synchronized_at: string | null
  /** When {@link Store.resetSynchronization} was called; `null` again once a settlement leaves nothing pending. */
  readonly history_lost_at: string | null
}

/** The result of {@link Store.createMessage}. */
export interface CreatedMessage {
  /** The message as it is stored now. */
  readonly message: StoredMessage
  /** `false` if the idempotency key belongs to an earlier call, whose message this is. */
  readonly created: boolean
}

/**
 * A message database: messages, the outbox of changes, and the cursor, in one SQLite file.
 *
 * - Every method fails with a {@link StoreError} and nothing else: with `invalid-argument`, `busy`, `full`,
 *   `unwritable`, `corrupt`, `unsafe-sqlite`, `closed` or `failed`. A method with more codes names them.
 * - A write is one transaction, and durable when it resolves. Once damage is found, every write fails with `corrupt`.
 * - Several processes may have the same file open. A write waits for another process's write up to `busyTimeout`.
 */
export interface Store {
  /**
   * Stores a message and its change in one transaction, which concurrent calls share. A call that fails does not
   * affect the other calls of its transaction. More codes: `duplicate-uid`, `idempotency-key-reused`, `aborted`.
   */
  createMessage(message: NewMessage): Promise<CreatedMessage>
  /** Finds a message by its id (a number) or its uid (a string). Resolves with `null` if it is not stored. */
  findMessage(key: number | string): Promise<StoredMessage | null>
  /** Finds messages by uid, at most 10,000 at once. Resolves with those that are stored, in no particular order. */
  findMessages(uids: readonly string[]): Promise<StoredMessage[]>
  /**
   * Lists one page of messages, newest first. By default: the latest 50. A page takes the same time at any depth. If
   * many messages meet one condition and few meet all, it is read in steps, between which other calls run.
   *
   * @example
   * ```ts
   * const first = await store.listMessages({ sender: 'ada', limit: 100 })
   * const second = await store.listMessages({ sender: 'ada', limit: 100, before: first.at(-1)?.id })
   * ```
   */
  listMessages(query?: MessageQuery): Promise<StoredMessage[]>

  /**
   * Lists the oldest pending changes in order, without the quarantined ones. `limit` is 1 to 1000. `after` skips
   * the changes up to that sequence; default: 0. Changes stay in the outbox until {@link Store.settle} deletes them.
   */
  oldestChanges(limit: number, after?: number): Promise<Change[]>
  /** Resolves with the cursor. In a new database both of its fields are `null`. */
  cursor(): Promise<Cursor>
  /**
   * Marks messages as synchronized and deletes their changes, stores imported messages, and moves the cursor, all in
   * one transaction. If a part of the settlement is invalid, nothing is written.
   *
   * @example
   * ```ts
   * for (const { message } of await store.oldestChanges(100)) {
   *   const commit = await copyToRepository(message)
   *   await store.settle({
   *     synchronized: [{ uid: message.uid, git_hash: commit }],
   *     cursor: { commit, format: 1 },
   *   })
   * }
   * ```
   */
  settle(settlement: Settlement): Promise<void>
  /**
   * Quarantines the change of a message: it keeps its place but is no longer pending, so later changes can pass.
   * Quarantining it again replaces the reason. Does nothing if the message has no change.
   */
  quarantine(uid: string, reason: string): Promise<void>
  /**
   * Makes the quarantined changes of these messages pending again, in their old places. Default: all of them.
   * Resolves with their number.
   */
  retryQuarantined(uids?: readonly string[]): Promise<number>
  /**
   * Lists one page of quarantined changes, newest first. `limit` is 1 to 1000, default: 50. `before` is the sequence
   * of the last change of the page before.
   */
  quarantinedChanges(page?: {
    readonly limit?: number
    readonly before?: number
  }): Promise<QuarantinedChange[]>
  /** Resolves with the reason for which the change of a message is quarantined; `null` if it is not. */
  quarantineReason(uid: string): Promise<string | null>
  /**
   * Forgets what the repository has, for a repository that was replaced or rewritten. Every message becomes pending,
   * in the order of the ids, except that quarantined ones stay quarantined; the cursor returns to the beginning; and
   * `history_lost_at` is set until nothing is pending. Reading the repository's history again then settles what it
   * still has. Resolves with the number of messages that were synchronized.
   */
  resetSynchronization(): Promise<number>
  /**
   * Undoes {@link Store.settle} for messages that the repository turned out not to have: their changes return at the
   * end of the outbox. Messages that are not synchronized are skipped, and the cursor does not move. Resolves with the
   * number of messages that became pending.
   */
  markPending(uids: readonly string[]): Promise<number>
  /** Resolves with counts and times. Takes the same time for any number of messages. */
  summary(): Promise<SyncSummary>
  /**
   * Resolves with a text that differs after every write, by this process or another: as long as it stays the same,
   * what was read is still current. It may also differ without a write. Cheap enough for every request.
   */
  revision(): Promise<string>

  /**
   * Takes the exclusive right to synchronize this database. Returns `null` while it is held, by this process or
   * another. Closing the store releases it, and the kernel does so when the process dies: a lock is never stale.
   * Throws instead of rejecting. One more code: `not-a-store`, if the lock's file is a symbolic link.
   *
   * @example
   * ```ts
   * const lock = store.acquireSyncLock()
   * if (!lock) return // another process synchronizes
   * await synchronize(store).finally(() => lock.release())
   * ```
   */
  acquireSyncLock(): SyncLock | null
  /** Resolves once a small write has reached the disk, and rejects as other writes do. Changes {@link Store.revision}. */
  assertWritable(): Promise<void>
  /** Resolves with whether {@link Store.assertWritable} succeeds. Only rejects with `closed`. */
  isWritable(): Promise<boolean>
  /** Waits for the running calls, then closes the file. New calls reject with `closed`. Repeating it has no effect. */
  close(): Promise<void>
  /** The same as {@link Store.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The right to synchronize, held until it is released, the store is closed, or the process ends. */
export interface SyncLock {
  /** Releases the lock. Calling it again does nothing. */
  release(): void
}
