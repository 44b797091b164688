/** A message as it is stored. The field names are the columns of the table `messages`. Times are RFC 3339, UTC, with milliseconds. */
export interface StoredMessage {
  /** The message's number in this database: 1, 2, 3, ..., never given twice. */
  readonly id: number
  /** The message's global id: the same in every database and repository. */
  readonly uid: string
  /** The text, as it was given. */
  readonly content: string
  /** Who sent it, as it was given. */
  readonly sender: string
  /** When it was said, as its sender says. */
  readonly timestamp: string
  /** The commit that holds the message; `null` until the repository is known to have it. */
  readonly git_hash: string | null
  /** Whether the repository is known to have it. */
  readonly is_synchronized: boolean
  /** When the database where it was posted took it. */
  readonly created_at: string
  /** Time of the last edit; synchronizing does not change it. */
  readonly updated_at: string
  /** Where the message's file is, or will be, in the repository. */
  readonly path: string
  /** The id that the file says: the message's number in the database where it was created. */
  readonly origin_id: number
}

/** A message to create. The store gives it the next free id. */
export interface NewMessage
  extends Omit<StoredMessage, 'id' | 'git_hash' | 'is_synchronized' | 'path' | 'origin_id'> {
  /** Gives the path for an id. Called inside the transaction, again when that is repeated: it must only compute. */
  readonly path: (id: number) => string
  /** The same key with the same fingerprint gives the message of the first call, and creates nothing. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string }
  /** Aborted before the message's turn in a transaction: rejects with `aborted`, and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/** Which messages to list, newest (highest id) first. Every condition given must hold. */
export interface MessageQuery {
  /** 1 to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids below this one. */
  readonly before?: number
  /** Only ids above this one: the ones nearest to it, still newest first. */
  readonly after?: number
  /** Only messages of exactly this sender. */
  readonly sender?: string
  /** Only messages with this `timestamp` or a later one: RFC 3339, UTC, with milliseconds. */
  readonly since?: string
  /** Only messages with an earlier `timestamp`: RFC 3339, UTC, with milliseconds. */
  readonly until?: string
  /** Only messages that the repository is known to have, or only the others. */
  readonly synchronized?: boolean
}

/** One thing that must reach the repository: the file of one message. Ordered by `sequence`. */
export interface Change {
  /** Its place in the outbox: a later change has a higher one; never given twice. */
  readonly sequence: number
  /** The message as it is stored now. */
  readonly message: StoredMessage
}

/** A change set aside because the repository can never accept it. */
export interface QuarantinedChange extends Change {
  /** Why, as it was given to {@link Store.quarantine}. */
  readonly reason: string
  /** When: RFC 3339, UTC, with milliseconds. */
  readonly quarantined_at: string
}

/** A message that came from the repository, with the commit that holds it. */
export interface ImportedMessage extends Omit<StoredMessage, 'id' | 'git_hash' | 'is_synchronized'> {
  /** The commit that holds the message. */
  readonly git_hash: string
  /** The id to give it where it is free; else, and when absent, it gets the next free id. */
  readonly preferred_id?: number
}

/** What is known of the repository: one per database. */
export interface Cursor {
  /** The last commit whose content is all stored here, and the parent of the next one; `null`: none yet. */
  readonly commit: string | null
  /** Version of the repository's format; `null` while it is not known to declare one. */
  readonly format: number | null
}

/** Everything one step of the synchronization learned; {@link Store.settle} writes it in one transaction. */
export interface Settlement {
  /** Messages that the repository is known to have, by uid. Their changes are deleted. */
  readonly synchronized: readonly { readonly uid: string; readonly git_hash: string }[]
  /** Messages of others. One whose uid is stored already is left alone. */
  readonly imported?: readonly ImportedMessage[]
  /** What is known of the repository from now on. */
  readonly cursor: Cursor
}

/** Counts and times for people and metrics. */
export interface SyncSummary {
  /** Changes not yet known to be in the repository, without the quarantined ones. */
  readonly pending: number
  /** Changes set aside. */
  readonly quarantined: number
  /** `created_at` of the oldest pending message. */
  readonly oldest_pending_at: string | null
  /** When {@link Store.settle} last synchronized a message; kept across restarts. */
  readonly last_synchronized_at: string | null
  /** When {@link Store.resetSynchronization} was called; `null` once a settlement has left nothing pending. */
  readonly history_lost_at: string | null
}

/** What {@link Store.createMessage} answers. */
export interface CreatedMessage {
  /** As it is stored now. */
  readonly message: StoredMessage
  /** False when an idempotency key brought back the message of an earlier call. */
  readonly created: boolean
}

/**
 * A message database: messages, the outbox of changes, and the cursor, in one SQLite file.
 *
 * Every method rejects with a {@link StoreError}. What a write resolved with is durable (`synchronous=FULL`).
 * Several processes may have the same file open.
 */
export interface Store {
  /** Stores a message and its change in one transaction; calls made at the same time share one. */
  createMessage(message: NewMessage): Promise<CreatedMessage>
  /** By id or by uid; `null` where there is none. */
  findMessage(key: number | string): Promise<StoredMessage | null>
  /** Those of the given uids that are stored; in no particular order. At most 10,000 uids. */
  findMessages(uids: readonly string[]): Promise<StoredMessage[]>
  /** Costs the same at any depth. */
  listMessages(query?: MessageQuery): Promise<StoredMessage[]>

  /** The oldest changes that are not quarantined, above the sequence `after`, in order. `limit`: 1 to 1000. */
  oldestChanges(limit: number, after?: number): Promise<Change[]>
  /** What is known of the repository; both `null` in a new database. */
  cursor(): Promise<Cursor>
  /** Marks messages synchronized, deletes their changes, stores imported messages, moves the cursor: one transaction. */
  settle(settlement: Settlement): Promise<void>
  /** Sets the change of a message aside with the reason; it stops being pending. Does nothing where there is no change. */
  quarantine(uid: string, reason: string): Promise<void>
  /** Makes the quarantined changes of these messages (default: all) pending again; resolves with how many. */
  retryQuarantined(uids?: readonly string[]): Promise<number>
  /** Newest first, keyset page by `sequence`. Default limit: 50. */
  quarantinedChanges(page?: {
    readonly limit?: number
    readonly before?: number
  }): Promise<QuarantinedChange[]>
  /** The reason why the change of this message is quarantined; `null` where it is not. */
  quarantineReason(uid: string): Promise<string | null>
  /**
   * Forgets what the repository has: every message becomes pending again (quarantined ones stay so) and the
   * cursor goes back to the beginning. For a repository that was replaced or rewritten: what it still has is
   * settled when its history is read again. That it happened is kept, as `history_lost_at`, until nothing is
   * pending. Resolves with how many messages were synchronized.
   */
  resetSynchronization(): Promise<number>
  /**
   * The opposite of {@link Store.settle}, for messages that the repository turned out not to have: they become
   * pending again, those that are not are left alone, and the cursor stays. Resolves with how many.
   */
  markPending(uids: readonly string[]): Promise<number>
  /** Costs the same however many messages there are. */
  summary(): Promise<SyncSummary>
  /**
   * Another text after every change to the database, by this process or another: while it stays the same, what
   * was read is still true. It may also be another although nothing changed. Costs next to nothing.
   */
  revision(): Promise<string>

  /**
   * Takes the exclusive right to synchronize this database, for this process; `null` while another holds it.
   * The kernel frees it when its holder dies, so it never has to be broken; closing the store frees it too.
   */
  acquireSyncLock(): SyncLock | null
  /** True when the database accepts writes: a real, empty transaction. */
  isWritable(): Promise<boolean>
  /** Finishes the calls it accepted, checkpoints and closes the file. Calling it again does nothing. */
  close(): Promise<void>
  /** The same as {@link Store.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The right to synchronize, held until released or until the process ends. */
export interface SyncLock {
  /** Gives it back. Calling it again does nothing. */
  release(): void
}
