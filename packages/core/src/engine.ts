import type { Clock, MessageQuery, QuarantinedChange, Store, StoredMessage } from '@gitmsg/store'
import { createUidSource } from './messages/create-uid.js'
import { findMessage, type MessageDetails } from './messages/find-message.js'
import { listMessages, type MessagePage } from './messages/read-messages.js'
import { listQuarantined } from './messages/list-quarantined.js'
import { parseMessageQuery, parsePage } from './messages/message-query.js'
import type { MessageInput } from './messages/message-input.js'
import { createPostMessage, type PostOptions } from './messages/post-message.js'
import {
  createSynchronizer,
  type Synchronization,
  type Synchronizer,
  type SynchronizerOptions,
} from './sync/synchronizer.js'

/** What {@link createEngine} needs. */
export interface EngineOptions extends SynchronizerOptions {
  /** Makes the uid of a new message, a UUIDv7. */
  readonly createUid?: () => string
}

/** What {@link assembleEngine} needs. */
export interface EngineParts {
  /** Stays the caller's: closing the engine leaves it open. */
  readonly store: Store
  /** Keeps the repository in step with this store's database, wherever it runs; is closed with the engine. */
  readonly synchronizer: Synchronizer
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined
  /** Makes the uid of a new message, a UUIDv7. */
  readonly createUid?: (() => string) | undefined
}

/** A messaging service without a server: posts, lists, and keeps the repository in step by itself. */
export interface Engine extends Synchronization {
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
  /** Changes that were set aside, newest first. */
  quarantined(page?: { readonly limit?: number; readonly before?: number }): Promise<QuarantinedChange[]>
}

/** Starts an engine on a store and a backend. It begins to synchronize at once, in this thread. */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, createUid } = options
  return assembleEngine({ store, synchronizer: createSynchronizer(options), clock, createUid })
}

/** An engine whose synchronizer runs elsewhere, in another thread for one. */
export function assembleEngine({
  store,
  synchronizer,
  clock = Date.now,
  createUid = createUidSource(),
}: EngineParts): Engine {
  const { wake, sync, status, close } = synchronizer
  const page: Engine['page'] = async (query = {}) => listMessages(store, parseMessageQuery(query))

  return {
    post: createPostMessage({ store, clock, createUid, wake }),
    page,
    list: async (query) => (await page(query)).messages,
    find: (key) => findMessage(store, key),
    sync,
    status,
    quarantined: async (page = {}) => listQuarantined(store, parsePage(page)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
