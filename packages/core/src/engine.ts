import type { GitBackend } from '@gitmsg/git-sync'
import type { Clock, MessageQuery, QuarantinedChange, Store, StoredMessage } from '@gitmsg/store'
import { type Logger, silentLogger } from './logger.js'
import { createUidSource } from './messages/create-uid.js'
import { findMessage, type MessageDetails } from './messages/find-message.js'
import { listMessages, type MessagePage } from './messages/list-messages.js'
import { listQuarantined } from './messages/list-quarantined.js'
import { parseMessageQuery, parsePage } from './messages/message-query.js'
import type { MessageInput } from './messages/new-message.js'
import { createPostMessage, type PostOptions } from './messages/post-message.js'
import { createDispatchOnce } from './sync/dispatch-once.js'
import { createImportOnce } from './sync/import-once.js'
import type { SyncEvent } from './sync/sync-event.js'
import { startSyncLoop } from './sync/sync-loop.js'
import { createSyncTracker } from './sync/sync-state.js'
import { readSyncStatus, type SyncStatus } from './sync/sync-status.js'
import { unlessAborted } from './sync/unless-aborted.js'

/** What {@link createEngine} needs. */
export interface EngineOptions {
  /** Stays the caller's: closing the engine leaves it open. */
  readonly store: Store
  /** Stays the caller's, too; only this engine may use it. */
  readonly backend: GitBackend
  /** Milliseconds between looks at a quiet branch for others' messages. Default: 30,000; 0: never. */
  readonly fetchInterval?: number
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Told of everything that the synchronization does. What it throws is logged. */
  readonly onEvent?: (event: SyncEvent) => void
  /** Default: `Date.now`. */
  readonly clock?: Clock
  /** Makes the uid of a new message, a UUIDv7. */
  readonly createUid?: () => string
}

/** A messaging service without a server: posts, lists, and keeps the repository in step by itself. */
export interface Engine {
  /**
   * Stores a message; it is durable when this resolves, and on its way to the repository.
   *
   * @throws {ValidationError} for bad input, {@link StoreError} when it could not be stored
   */
  post(input: MessageInput, options?: PostOptions): Promise<StoredMessage>
  /**
   * Messages, newest first.
   *
   * @throws {ValidationError} for a query that is not valid
   */
  list(query?: MessageQuery): Promise<StoredMessage[]>
  /** Like {@link Engine.list}, with the query of the next page. */
  page(query?: MessageQuery): Promise<MessagePage>
  /** One message by id or uid, or `null`. */
  find(key: number | string): Promise<MessageDetails | null>
  /**
   * Imports and dispatches now, and resolves with the status when that has settled or failed. A signal ends the
   * waiting, not the synchronization: it rejects with the signal's reason.
   */
  sync(options?: { readonly signal?: AbortSignal | undefined }): Promise<SyncStatus>
  /** How the synchronization is doing; asks the repository nothing. */
  status(): Promise<SyncStatus>
  /** Changes that were set aside, newest first. */
  quarantined(page?: { readonly limit?: number; readonly before?: number }): Promise<QuarantinedChange[]>
  /** Stops synchronizing. What is pending stays in the outbox, for the next engine on this store. */
  close(): Promise<void>
  /** The same as {@link Engine.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts an engine on a store and a backend. It begins to synchronize at once. */
export function createEngine(options: EngineOptions): Engine {
  const { store, backend, fetchInterval = 30_000, logger = silentLogger } = options
  const { clock = Date.now, createUid = createUidSource() } = options
  const onEvent = (event: SyncEvent): void => {
    try {
      options.onEvent?.(event)
    } catch (error) {
      logger.error({ err: error }, 'onEvent threw')
    }
  }
  const tracker = createSyncTracker(clock, (progress) => onEvent({ type: 'progress', progress }))
  const loop = startSyncLoop({
    acquireLock: () => store.acquireSyncLock(),
    importOnce: createImportOnce({ store, backend, onEvent, logger }),
    dispatchOnce: createDispatchOnce({ store, backend, tracker, onEvent, logger }),
    oldestPendingAt: async () => (await store.summary()).oldest_pending_at,
    tracker,
    clock,
    monotonic: () => performance.now(),
    random: Math.random,
    fetchInterval: fetchInterval || Number.POSITIVE_INFINITY,
    onEvent,
    logger,
  })
  const page: Engine['page'] = async (query = {}) => listMessages(store, parseMessageQuery(query))
  const status = () => readSyncStatus(store, backend, tracker.current)

  return {
    post: createPostMessage({ store, clock, createUid, wake: loop.wake }),
    page,
    list: async (query) => (await page(query)).messages,
    find: (key) => findMessage(store, key),
    async sync({ signal } = {}) {
      await unlessAborted(signal, loop.request)
      return status()
    },
    status,
    quarantined: async (page = {}) => listQuarantined(store, parsePage(page)),
    close: loop.stop,
    [Symbol.asyncDispose]: loop.stop,
  }
}
