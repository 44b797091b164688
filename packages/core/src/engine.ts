import {
  type Clock,
  type MessageQuery,
  type QuarantinedChange,
  type Store,
  type StoredMessage,
  StoreError,
} from '@gitmsg/store'
import { v7 } from 'uuid'
import { assertKnownOptions } from './known-options.js'
import type { MessageInput } from './messages/message-input.js'
import { parseMessageQuery, parsePage } from './messages/message-query.js'
import { createPostMessage, type PostOptions } from './messages/post-message.js'
import {
  findMessage,
  listMessages,
  listQuarantined,
  type MessageDetails,
  type MessagePage,
} from './messages/read-messages.js'
import {
  createSynchronizer,
  SYNCHRONIZER_OPTIONS,
  type Synchronization,
  type Synchronizer,
  type SynchronizerOptions,
} from './sync/synchronizer.js'

/** Options of {@link createEngine}. */
export interface EngineOptions extends SynchronizerOptions {
  /** Generates the uid of a new message, a UUIDv7. Default: uuid's `v7`, which is monotonic within a process. */
  readonly createUid?: (() => string) | undefined
}

/** Options of {@link assembleEngine}. */
export interface EngineParts {
  /** Stays open when the engine is closed. */
  readonly store: Store
  /** Keeps the repository in step with this store's database, in whichever thread; closed with the engine. */
  readonly synchronizer: Synchronizer
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined
  /** Generates the uid of a new message, a UUIDv7. Default: uuid's `v7`, which is monotonic within a process. */
  readonly createUid?: (() => string) | undefined
}

/** A messaging service without a server: posts and lists messages, and keeps the repository in step by itself. */
export interface Engine extends Synchronization {
  /**
   * Stores a message. When this resolves, the message is durable and on its way to the repository.
   *
   * @throws {ValidationError} for bad input
   * @throws {StoreError} if it could not be stored; `closed` after {@link Engine.close}
   * @example
   * const { id, uid } = await engine.post({ content: 'Hello, Git', sender: 'alice' })
   */
  post(input: MessageInput, options?: PostOptions): Promise<StoredMessage>
  /**
   * Lists messages, newest first.
   *
   * @throws {ValidationError} for an invalid query
   */
  list(query?: MessageQuery): Promise<StoredMessage[]>
  /** Like {@link Engine.list}, with the query of the next page. */
  page(query?: MessageQuery): Promise<MessagePage>
  /** Finds one message by id or uid; `null` if there is none. */
  find(key: number | string): Promise<MessageDetails | null>
  /** Lists quarantined changes, newest first. */
  quarantined(page?: { readonly limit?: number; readonly before?: number }): Promise<QuarantinedChange[]>
}

const ENGINE_OPTIONS = { ...SYNCHRONIZER_OPTIONS, createUid: true } satisfies Record<
  keyof EngineOptions,
  true
>
const ENGINE_PARTS = { store: true, synchronizer: true, clock: true, createUid: true } satisfies Record<
  keyof EngineParts,
  true
>

/**
 * Starts an engine on a store and a backend. It starts to synchronize at once, in this thread. {@link openGitmsg} opens
 * all three.
 *
 * @throws {TypeError} for an unknown option
 * @example
 * const engine = createEngine({ store: await openStore({ path: 'gitmsg.db' }), backend })
 */
export function createEngine(options: EngineOptions): Engine {
  assertKnownOptions('createEngine', options, ENGINE_OPTIONS)
  const { createUid, ...synchronizerOptions } = options
  const { store, clock } = options
  return assembleEngine({ store, synchronizer: createSynchronizer(synchronizerOptions), clock, createUid })
}

/**
 * Assembles an engine whose synchronizer runs elsewhere, e.g. in another thread ({@link connectSynchronizer}).
 *
 * @throws {TypeError} for an unknown option
 */
export function assembleEngine(parts: EngineParts): Engine {
  assertKnownOptions('assembleEngine', parts, ENGINE_PARTS)
  const { store, synchronizer, clock = Date.now, createUid = () => v7() } = parts
  const { wake, sync, status } = synchronizer
  const postMessage = createPostMessage({ store, clock, createUid, wake })
  let isClosed = false

  return {
    post,
    page,
    list: async (query) => (await page(query)).messages,
    find: (key) => findMessage(store, key),
    sync,
    status,
    quarantined: async (page = {}) => listQuarantined(store, parsePage(page)),
    close,
    [Symbol.asyncDispose]: close,
  }

  /** Without the check, a post after closing would be stored, but synchronized only by a later engine. */
  async function post(input: MessageInput, options?: PostOptions): Promise<StoredMessage> {
    if (isClosed) throw new StoreError('closed', 'the engine was closed')
    return postMessage(input, options)
  }

  async function page(query: MessageQuery = {}): Promise<MessagePage> {
    return listMessages(store, parseMessageQuery(query))
  }

  async function close(): Promise<void> {
    isClosed = true
    await synchronizer.close()
  }
}
