import type {
  BuildSearchIndexOptions,
  FoundMessages,
  MessageQuery,
  MessageSearch,
  SearchIndexState,
} from './message-query.js'
import type { StorageUsage } from './storage-usage.js'
import type {
  ChangedMessage,
  CreatedMessage,
  EarlierVersion,
  MessageChange,
  MessageEdit,
  MessageVersion,
  NewMessage,
  Position,
  Reaction,
  StoredMessage,
  Topic,
} from './stored-message.js'
import type {
  Change,
  Cursor,
  QuarantinedChange,
  RecordOutcome,
  Settlement,
  SyncLock,
  SyncSummary,
  SyncWriteOptions,
} from './synchronization.js'

/**
 * A message database: messages, the outbox of changes, and the cursor, in one SQLite file or on PostgreSQL.
 *
 * - Every method fails with a {@link StoreError} and nothing else: with `invalid-argument`, `busy`, `unavailable`,
 *   `full`, `unwritable`, `corrupt`, `unsafe`, `closed` or `failed`. A method with more codes names them.
 * - A write is one transaction, and durable when it resolves. Once damage to a file is found, every write fails with
 *   `corrupt`.
 * - Several processes may have the same database open. A write waits for another process's write up to `busyTimeout`.
 */
export interface Store {
  /**
   * Stores a message and its change in one transaction, which concurrent calls share. A call that fails does not
   * affect the other calls of its transaction. The reaction of a sender to a message exists once: repeating it returns
   * the first one. More codes: `duplicate-uid`, `invalid-reply`, `idempotency-key-reused`, `aborted`.
   */
  createMessage(message: NewMessage): Promise<CreatedMessage>
  /**
   * Stores a new version of a message and its change in one transaction; the version before is kept. Resolves with
   * `null` if the message is not stored. More codes: `deleted`, `not-editable` (a reaction), `version-conflict`,
   * `idempotency-key-reused`, `aborted`.
   */
  editMessage(edit: MessageEdit): Promise<ChangedMessage | null>
  /**
   * Replaces a message by a tombstone, and erases its text and earlier versions, in one transaction. Versions that
   * were pending never reach the repository. Resolves with `null` if the message is not stored; deleting it again
   * changes nothing. More codes: `version-conflict`, `aborted`.
   */
  deleteMessage(deletion: MessageChange): Promise<ChangedMessage | null>
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
   * Finds messages by the words of their current versions. Neither reactions nor deleted messages are found. It is read
   * in steps, between which other calls run, and a call looks at a limited number of messages: the page may be short, or
   * empty, and `next` goes on. More codes: `indexing`, `aborted`.
   */
  searchMessages(search: MessageSearch): Promise<FoundMessages>
  /**
   * Completes the search index of a database that an older version wrote, or that was cleared: some minutes for a
   * million messages, in short transactions. If it is interrupted, the next call continues. Until it is complete,
   * {@link Store.searchMessages} rejects with `indexing`. One more code: `aborted`.
   */
  buildSearchIndex(options?: BuildSearchIndexOptions): Promise<void>
  /** Empties the search index, for {@link Store.buildSearchIndex} to build it again. */
  clearSearchIndex(): Promise<void>
  /** Compares the search index with the messages, word by word. Other processes may write meanwhile. */
  checkSearchIndex(options?: { readonly signal?: AbortSignal | undefined }): Promise<SearchIndexState>
  /**
   * Lists one page of a message's versions, newest first, the current one included. `limit` is 1 to 1000, default: 50;
   * `before` skips that version and the later ones. Empty if the message is not stored.
   */
  listVersions(
    key: number | string,
    page?: { readonly limit?: number; readonly before?: number },
  ): Promise<MessageVersion[]>
  /** Finds versions before the current ones, at most 10,000 at once, in no particular order. */
  findVersions(
    wanted: readonly { readonly uid: string; readonly version: number }[],
  ): Promise<(EarlierVersion & { readonly uid: string })[]>
  /** Lists all versions before the current ones by `number`, at most 1000 above `after`. */
  scanVersions(after: number, limit: number): Promise<EarlierVersion[]>
  /** Finds the reactions to messages, oldest first: at most 1000 for each. At most 1000 uids at once. */
  findReactions(uids: readonly string[]): Promise<Reaction[]>
  /** Lists topics, the latest activity first. `before` is the last topic of the page before. */
  listTopics(page?: {
    readonly limit?: number
    readonly before?: Pick<Topic, 'topic' | 'last_at'> | undefined
  }): Promise<Topic[]>
  /** Resolves with the place of the latest visible change. */
  position(): Promise<Position>
  /**
   * Lists messages whose last visible change came after this place, by `position`: each as it is now, reactions and
   * deleted ones included. `limit` is 1 to 1000. More codes: `epoch-changed`, `position-ahead`.
   */
  changedSince(place: Position, limit: number): Promise<StoredMessage[]>
  /** Resolves with how many messages {@link Store.changedSince} would list, counting up to `most`: 1 to 10,000. */
  countChangedSince(place: Position, most: number): Promise<number>
  /**
   * Finds the topics that messages had in earlier versions, at most 1000 uids at once: each once for a message, in no
   * particular order. Those of deleted messages are erased.
   */
  findEarlierTopics(uids: readonly string[]): Promise<{ readonly uid: string; readonly topic: string }[]>

  /**
   * Lists the oldest pending changes in order, without the quarantined ones. `limit` is 1 to 1000. `after` skips that
   * change and those before it. Changes stay in the outbox until {@link Store.settle} deletes them.
   */
  oldestChanges(limit: number, after?: Pick<Change, 'rank' | 'sequence'>): Promise<Change[]>
  /** Resolves with the cursor. In a new database both of its fields are `null`. */
  cursor(): Promise<Cursor>
  /**
   * Marks versions as synchronized and deletes their changes, stores versions read from the repository, and moves the
   * cursor, all in one transaction. If a part of the settlement is invalid, nothing is written. Resolves with the
   * outcome of each recorded version.
   *
   * The repository's order decides. A recorded version that is newer than what the repository was known to have is
   * taken; pending versions of its message are renumbered to follow it, except that a tombstone drops them. Settling a
   * version drops the pending ones before it. One more code: `lock-lost`.
   *
   * @example
   * ```ts
   * for (const { message } of await store.oldestChanges(100)) {
   *   const commit = await copyToRepository(message)
   *   await store.settle({
   *     published: [{ uid: message.uid, version: message.version, git_hash: commit }],
   *     cursor: { commit, format: 1 },
   *   })
   * }
   * ```
   */
  settle(settlement: Settlement, options?: SyncWriteOptions): Promise<RecordOutcome[]>
  /**
   * Quarantines the change of one version or, by default, of all pending versions of a message: it keeps its place but
   * is no longer pending, so later changes can pass. Quarantining it again replaces the reason. Does nothing if there
   * is no such change. One more code: `lock-lost`.
   */
  quarantine(
    uid: string,
    reason: string,
    options?: SyncWriteOptions & { readonly version?: number | undefined },
  ): Promise<void>
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
  /** Resolves with the reason for which the latest quarantined change of a message is quarantined; `null` if none is. */
  quarantineReason(uid: string): Promise<string | null>
  /**
   * Forgets what the repository has, for a repository that was replaced or rewritten. Every version becomes pending
   * again before all others, in the order of the commits, except that quarantined ones stay quarantined; the epoch of
   * the positions changes; and `history_lost_at` is set until nothing is pending. Reading the repository's history
   * again then settles what it still has. Closing the store of a file afterwards writes it again, as
   * {@link Store.eraseTraces} does. Resolves with the number of messages that were synchronized.
   *
   * It takes many short transactions. Until the last one, the cursor is {@link RESETTING}, which no branch contains; if
   * it is interrupted, calling it again continues. One more code: `lock-lost`.
   */
  resetSynchronization(options?: SyncWriteOptions): Promise<number>
  /**
   * Undoes {@link Store.settle} for messages that the repository turned out not to have: the version that it was known
   * to have becomes pending, before all others. Messages that are not synchronized are skipped, and the cursor does not
   * move. Resolves with the number of messages that became pending. One more code: `lock-lost`.
   */
  markPending(uids: readonly string[], options?: SyncWriteOptions): Promise<number>
  /**
   * Erases what is left of messages beside their current versions and what the repository has: earlier versions that it
   * no longer has, and idempotency keys. Then the database is written again, so that none of its files holds what was
   * ever deleted: some seconds for a million messages. PostgreSQL's own log, standbys and backups may still hold it.
   * Resolves with the number of versions that were erased. One more code: `lock-lost`.
   */
  eraseTraces(uids: readonly string[], options?: SyncWriteOptions): Promise<number>
  /** Resolves with counts and times. Takes the same time for any number of messages. */
  summary(): Promise<SyncSummary>
  /**
   * Resolves with a text that differs after every write, by this process or another: as long as it stays the same,
   * what was read is still current. It may also differ without a write. Cheap enough for every request.
   */
  revision(): Promise<string>
  /** How many of the largest messages a call may read without holding up this process for long. Default: 10. */
  readonly messagesPerRead?: number
  /**
   * Calls the listener soon after a write by this process or another, until the returned function is called or the store
   * is closed. Only a hint: calls can be missing, late or for nothing, so look at {@link Store.revision} from time to time,
   * too. The listener must not throw. Stores of a SQLite file lack this member: nothing announces what others write there.
   *
   * @example
   * ```ts
   * const stop = store.onChange?.(look)
   * const timer = setInterval(look, 1_000)
   * ```
   */
  onChange?(listener: () => void): () => void

  /**
   * Takes the exclusive right to synchronize this database. Resolves with `null` while it is held, by this process or
   * another. Closing the store releases it. If the process dies, the kernel releases the lock of a SQLite file at once.
   * One more code: `not-a-store`, if the lock's file is a symbolic link.
   *
   * @example
   * ```ts
   * const lock = await store.acquireSyncLock()
   * if (!lock) return // another process synchronizes
   * await store.settle(settlement, { lock }).finally(() => lock.release())
   * ```
   */
  acquireSyncLock(): Promise<SyncLock | null>
  /** Resolves once a small write has reached the disk, and rejects as other writes do. Changes {@link Store.revision}. */
  assertWritable(): Promise<void>
  /** Resolves with whether {@link Store.assertWritable} succeeds. Only rejects with `closed`. */
  isWritable(): Promise<boolean>
  /** Resolves with the space that the database takes, and has. */
  storage(): Promise<StorageUsage>
  /** Waits for the running calls, then closes the file. New calls reject with `closed`. Repeating it has no effect. */
  close(): Promise<void>
  /** The same as {@link Store.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
