import { type AccountCalls, createAccountCalls } from './api/account-calls.js'
import type { HeldMessage } from './api/account-types.js'
import type {
  ChangesQuery,
  ListQuery,
  MessageChanges,
  NewMessage,
  PageQuery,
  SearchQuery,
  ThreadQuery,
  TopicQuery,
} from './api/inputs.js'
import { type ListOptions, type Pages, readPages } from './api/page.js'
import { type ApiRequest, type CallOptions, createSend, toPath } from './api/request.js'
import type {
  AsyncapiDocument,
  Changes,
  FoundMessage,
  Health,
  Message,
  MessageDetails,
  MessageVersion,
  OpenapiDocument,
  PostedMessage,
  QuarantinedChange,
  Readiness,
  SyncStatus,
  Topic,
} from './api/types.js'
import { ClientError } from './client-error.js'
import { type Live, type LiveOptions, openLive } from './live/live.js'
import { type Outbox, type OutboxOptions, openOutbox } from './outbox/outbox.js'
import { type ClientOptions, createRuntime } from './runtime.js'

/** The options of calls that store something. */
export interface WriteOptions extends CallOptions {
  /** Makes it safe to send the same again: the first response is returned, nothing is stored twice. At least 24 hours. */
  readonly idempotencyKey?: string | undefined
}

/** The options of calls that change a message. */
export interface ChangeOptions extends CallOptions {
  /** The version that was read: if there is a newer one, the call rejects with `version_conflict`. */
  readonly ifMatch?: number | string | undefined
}

/** A gitmsg server. Every call rejects with a {@link ClientError}; `key` is the id or the uid of a message. */
export interface Client extends AccountCalls {
  /** Stores a message. It is durable when this resolves. With `status` `held` it waits for a moderator. */
  post(message: NewMessage, options?: WriteOptions): Promise<PostedMessage | HeldMessage>
  /** Messages, newest first. */
  list(query?: ListQuery, options?: ListOptions): Pages<Message>
  /** Messages with these words, and where they match. A page may be short, or empty, while there is a next one. */
  search(query: SearchQuery, options?: ListOptions): Pages<FoundMessage>
  /** One message in full. */
  get(key: number | string, options?: CallOptions): Promise<MessageDetails>
  /** Gives a message its next version. */
  edit(
    key: number | string,
    changes: MessageChanges,
    options?: ChangeOptions & WriteOptions,
  ): Promise<MessageDetails>
  /** Deletes a message; again, it changes nothing. */
  remove(key: number | string, options?: ChangeOptions): Promise<void>
  /** The versions of a message, newest first. */
  history(key: number | string, query?: PageQuery, options?: ListOptions): Pages<MessageVersion>
  /** The thread to which a message belongs, oldest first. */
  thread(key: number | string, query?: ThreadQuery, options?: ListOptions): Pages<Message>
  /** Topics, latest activity first. */
  topics(query?: TopicQuery, options?: ListOptions): Pages<Topic>
  /** What changed after a place. Go on with `after` the result, until it has no messages. */
  changes(query?: ChangesQuery, options?: ListOptions): Promise<Changes>
  /** Synchronizes now; resolves with the status when that has succeeded or failed, within three minutes by default. */
  sync(options?: CallOptions): Promise<SyncStatus>
  /** The state of the synchronization. */
  status(options?: CallOptions): Promise<SyncStatus>
  /** What the repository rejected, newest first. */
  quarantined(query?: PageQuery, options?: ListOptions): Pages<QuarantinedChange>
  /** Whether the process is alive. */
  health(options?: CallOptions): Promise<Health>
  /** Whether messages can be stored. */
  readiness(options?: CallOptions): Promise<Readiness>
  /** The metrics in the text format of Prometheus. */
  metrics(options?: CallOptions): Promise<string>
  /** The description of the API. */
  openapi(options?: CallOptions): Promise<OpenapiDocument>
  /** The description of the live channel. */
  asyncapi(options?: CallOptions): Promise<AsyncapiDocument>
  /** Follows the feed, and keeps the newest messages as they are on the server. */
  live(options?: LiveOptions): Live
  /** Holds messages until the server has them. */
  outbox(options?: OutboxOptions): Outbox
}

/** A push may take minutes. */
const SYNC_TIMEOUT_MS = 180_000

/**
 * Creates a client for a server. It opens nothing until it is used, and needs not be closed.
 *
 * @throws {ClientError} `invalid-argument` for an invalid URL
 *
 * @example
 * ```ts
 * const client = createClient({ url: 'http://127.0.0.1:3000' })
 * const { message_id } = await client.post({ content: 'Hello', sender: 'alice' })
 * for await (const message of client.list({ topic: 'deploys' })) console.log(message.content)
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const runtime = createRuntime(options)
  const send = createSend(runtime)

  /** The parameters that are undefined are left out. */
  function urlOf(path: string, query: object = {}): URL {
    const url = new URL(path, runtime.base)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    return url
  }

  async function call<Result>(request: ApiRequest): Promise<Result> {
    const { body } = await send(request)
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
    if (!isObject) throw new ClientError('invalid-response', 'The response is not a JSON object.')
    return body as Result
  }

  const read = <Result>(path: string, options: CallOptions = {}) =>
    call<Result>({ method: 'GET', url: urlOf(path), options, isRepeatable: true })

  const client: Client = {
    ...createAccountCalls({ send, call, urlOf }),
    post: (message, { idempotencyKey, ...options } = {}) =>
      call({
        method: 'POST',
        url: urlOf('messages'),
        headers: { 'Idempotency-Key': idempotencyKey },
        body: message,
        options,
        isRepeatable: idempotencyKey !== undefined,
      }),
    list: (query, options) => readPages(send, () => urlOf('messages', query), options),
    search: (query, options) => readPages(send, () => urlOf('search', query), options),
    get: async (key, options) => read(pathOf(key), options),
    edit: async (key, changes, { idempotencyKey, ifMatch, ...options } = {}) =>
      call({
        method: 'PATCH',
        url: urlOf(pathOf(key)),
        headers: { 'Idempotency-Key': idempotencyKey, 'If-Match': toTag(ifMatch) },
        body: changes,
        options,
        isRepeatable: idempotencyKey !== undefined,
      }),
    async remove(key, { ifMatch, ...options } = {}) {
      const headers = { 'If-Match': toTag(ifMatch) }
      await send({ method: 'DELETE', url: urlOf(pathOf(key)), headers, options, isRepeatable: true })
    },
    history: (key, query, options) => readPages(send, () => urlOf(pathOf(key, 'history'), query), options),
    thread: (key, query, options) => readPages(send, () => urlOf(pathOf(key, 'thread'), query), options),
    topics: (query, options) => readPages(send, () => urlOf('topics', query), options),
    changes: ({ after, limit } = {}, { ifNoneMatch, ...options } = {}) =>
      call({
        method: 'GET',
        url: urlOf('changes', { after: toPositionText(after), limit }),
        headers: { 'If-None-Match': ifNoneMatch },
        options,
        isRepeatable: true,
      }),
    sync: (options) =>
      call({ method: 'POST', url: urlOf('sync'), options: { timeoutMs: SYNC_TIMEOUT_MS, ...options } }),
    status: (options) => read('sync', options),
    quarantined: (query, options) => readPages(send, () => urlOf('sync/quarantined', query), options),
    health: (options) => read('healthz', options),
    readiness: (options) => read('readyz', options),
    async metrics(options = {}) {
      const headers = { Accept: 'text/plain' }
      const url = urlOf('metrics')
      return String((await send({ method: 'GET', url, headers, options, isRepeatable: true })).body)
    },
    openapi: (options) => read('openapi.json', options),
    asyncapi: (options) => read('asyncapi.json', options),
    live: (options) => openLive(client, runtime, options),
    outbox: (options) => openOutbox(client, runtime, options),
  }
  return client
}

const pathOf = (key: number | string, part?: string): string => toPath('messages', key, part)

const toTag = (match: number | string | undefined) => (typeof match === 'number' ? `"${match}"` : match)

const toPositionText = (after: ChangesQuery['after']) =>
  typeof after === 'object' ? `${after.epoch}:${after.position}` : after
