import { type Position, type QuarantinedChange, type StoredMessage, StoreError } from '@gitmsg/store'
import { v7 } from 'uuid'
import { LATEST_FORMAT } from './format/format-file.js'
import { assertKnownOptions } from './known-options.js'
import { silentLogger } from './logger.js'
import { type ChangesPage, readChanges } from './messages/feed.js'
import { type FollowOptions, followFeed } from './messages/follow-feed.js'
import type { MessageChanges, MessageInput } from './messages/message-input.js'
import {
  checkListQuery,
  type ListQuery,
  limitSchema,
  pageSchema,
  parseQuery,
  parseTopicPage,
  threadPageSchema,
} from './messages/message-query.js'
import {
  type CheckedMessage,
  createMessageWriter,
  type EditOptions,
  type PostOptions,
  type RemoveOptions,
} from './messages/message-writer.js'
import {
  findMessage,
  type HistoryPage,
  type ListedMessage,
  listMessages,
  listQuarantined,
  listTopics,
  type MessageDetails,
  type MessagePage,
  type ReadOptions,
  readHistory,
  readThread,
  type ThreadPage,
  type TopicPage,
  toDetails,
} from './messages/read-messages.js'
import type { SearchQuery } from './messages/search-query.js'
import { type SearchPage, searchMessages } from './search/search-messages.js'
import { startIndexing } from './search/start-indexing.js'
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
export interface EngineParts
  extends Pick<EngineOptions, 'store' | 'clock' | 'createUid' | 'formatVersion' | 'logger'> {
  /** Keeps the repository in step with this store's database, in whichever thread; closed with the engine. */
  readonly synchronizer: Synchronizer
}

/** A messaging service without a server: posts and reads messages, and keeps the repository in step by itself. */
export interface Engine extends Synchronization {
  /**
   * Stores a message. When this resolves, the message is durable and on its way to the repository. The same reaction of
   * a sender to a message is stored once.
   *
   * @throws {ValidationError} for bad input
   * @throws {StoreError} if it could not be stored; `closed` after {@link Engine.close}
   * @example
   * const { id, uid } = await engine.post({ content: 'Hello, Git', sender: 'alice' })
   * await engine.post({ content: 'Hello, Alice', sender: 'bob', reply_to: id })
   */
  post(input: MessageInput, options?: PostOptions): Promise<StoredMessage>
  /**
   * Checks a message as {@link Engine.post} does, and stores nothing.
   *
   * @throws {ValidationError} for bad input
   */
  check(input: MessageInput): Promise<CheckedMessage>
  /**
   * Edits a message: its next version is a commit of its own. Resolves with the message, or `null` if there is none.
   * If nothing changes, there is no new version. Without `expectedVersion`, the last edit wins.
   *
   * @throws {ValidationError} for bad input
   * @throws {StoreError} `deleted`, `not-editable` (a reaction), `version-conflict`, or as {@link Engine.post}
   */
  edit(key: number | string, changes: MessageChanges, options?: EditOptions): Promise<MessageDetails | null>
  /**
   * Deletes a message for good: a tombstone takes its place in the database and in the repository. Versions that are
   * not published yet never will be; those that are stay in Git's history. Resolves with the tombstone, or `null` if
   * there is no such message; deleting it again changes nothing.
   *
   * @throws {StoreError} `version-conflict`, or as {@link Engine.post}
   */
  remove(key: number | string, options?: RemoveOptions): Promise<StoredMessage | null>
  /**
   * Lists messages, newest first.
   *
   * @throws {ValidationError} for an invalid query
   */
  list(query?: ListQuery): Promise<ListedMessage[]>
  /** Like {@link Engine.list}, with the query of the next page. The signal ends a search that takes many steps. */
  page(query?: ListQuery, options?: ReadOptions): Promise<MessagePage>
  /**
   * Finds messages by their words, and shows where they match. The signal ends a search that takes many steps.
   *
   * @throws {ValidationError} for an invalid filter, or a `q` that is too long: any other is valid
   * @throws {StoreError} `indexing` while a database of an older version is being indexed
   */
  search(query: SearchQuery, options?: ReadOptions): Promise<SearchPage>
  /** Finds one message by id or uid; `null` if there is none. A deleted one has `deleted_at`. */
  find(key: number | string): Promise<MessageDetails | null>
  /**
   * Lists the versions of a message, newest first; `null` if there is no such message.
   *
   * @throws {StoreError} `deleted`
   */
  history(
    key: number | string,
    page?: { readonly limit?: number; readonly before?: number },
  ): Promise<HistoryPage | null>
  /** Lists the whole thread to which a message belongs, oldest first; `null` if there is no such message. */
  thread(
    key: number | string,
    page?: { readonly limit?: number; readonly after?: number },
  ): Promise<ThreadPage | null>
  /** Lists topics, the latest activity first. */
  topics(page?: { readonly limit?: number; readonly before?: string }): Promise<TopicPage>
  /** Resolves with the place of the latest visible change: what is read afterwards is at least that new. */
  position(): Promise<Position>
  /**
   * Lists what changed since a place of the feed; `null`: from the beginning.
   *
   * @throws {StoreError} `epoch-changed`, `position-ahead`
   */
  changes(after: Position | null, page?: { readonly limit?: number }): Promise<ChangesPage>
  /**
   * Iterates without an end over messages that change, by this process or another, each as it is then. Go on after the
   * `position` of one, in another run too.
   *
   * @throws {StoreError} `aborted`, `closed`, or as {@link Engine.changes}
   * @example
   * for await (const { sender, content } of engine.messages()) console.log(`${sender}: ${content}`)
   */
  messages(options?: FollowOptions): AsyncGenerator<MessageDetails, never, void>
  /** Lists quarantined changes, newest first. */
  quarantined(page?: { readonly limit?: number; readonly before?: number }): Promise<QuarantinedChange[]>
}

const OPTIONS = { ...SYNCHRONIZER_OPTIONS, createUid: true } satisfies Record<keyof EngineOptions, true>
const PARTS = {
  store: true,
  synchronizer: true,
  clock: true,
  createUid: true,
  formatVersion: true,
  logger: true,
} satisfies Record<keyof EngineParts, true>

/**
 * Starts an engine on a store and a backend. It starts to synchronize at once, in this thread. {@link openGitmsg} opens
 * all three.
 *
 * @throws {TypeError} for an unknown option
 * @example
 * const engine = createEngine({ store: await openStore({ path: 'gitmsg.db' }), backend })
 */
export function createEngine(options: EngineOptions): Engine {
  assertKnownOptions('createEngine', options, OPTIONS)
  const { createUid, ...synchronizerOptions } = options
  const { store, clock, formatVersion, logger } = options
  const synchronizer = createSynchronizer(synchronizerOptions)
  return assembleEngine({ store, synchronizer, clock, createUid, formatVersion, logger })
}

/**
 * Assembles an engine whose synchronizer runs elsewhere, e.g. in another thread ({@link connectSynchronizer}).
 *
 * @throws {TypeError} for an unknown option
 */
export function assembleEngine(parts: EngineParts): Engine {
  assertKnownOptions('assembleEngine', parts, PARTS)
  const { store, synchronizer, clock = Date.now, createUid = () => v7() } = parts
  const { formatVersion = LATEST_FORMAT, logger = silentLogger } = parts
  const { wake, sync, status } = synchronizer
  const writer = createMessageWriter({ store, clock, createUid, wake, formatVersion })
  const stopIndexing = startIndexing(store, logger)
  let isClosed = false

  return {
    check: writer.check,
    post,
    edit,
    remove,
    page,
    list: async (query) => (await page(query)).messages,
    search: async (query, { signal } = {}) => searchMessages(store, query, signal),
    find: (key) => findMessage(store, key),
    history: async (key, query = {}) => readHistory(store, key, parseQuery(pageSchema, query)),
    thread: async (key, query = {}) => readThread(store, key, parseQuery(threadPageSchema, query)),
    topics: async (query = {}) => listTopics(store, parseTopicPage(query)),
    position: () => store.position(),
    messages: (options = {}) => followFeed(store, options),
    changes: async (after, query = {}) => readChanges(store, after, parseQuery(limitSchema, query)),
    sync,
    status,
    quarantined: async (query = {}) => listQuarantined(store, parseQuery(pageSchema, query)),
    close,
    [Symbol.asyncDispose]: close,
  }

  async function post(input: MessageInput, options?: PostOptions): Promise<StoredMessage> {
    assertOpen()
    return writer.post(input, options)
  }

  async function edit(
    key: number | string,
    changes: MessageChanges,
    options?: EditOptions,
  ): Promise<MessageDetails | null> {
    assertOpen()
    const message = await writer.edit(key, changes, options)
    return message && toDetails(store, message)
  }

  async function remove(key: number | string, options?: RemoveOptions): Promise<StoredMessage | null> {
    assertOpen()
    return writer.remove(key, options)
  }

  /** Without the check, a change after closing would be stored, but synchronized only by a later engine. */
  function assertOpen(): void {
    if (isClosed) throw new StoreError('closed', 'the engine was closed')
  }

  async function page(query: ListQuery = {}, { signal }: ReadOptions = {}): Promise<MessagePage> {
    return listMessages(store, checkListQuery(query), signal)
  }

  async function close(): Promise<void> {
    isClosed = true
    await stopIndexing()
    await synchronizer.close()
  }
}
