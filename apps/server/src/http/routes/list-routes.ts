import { type Engine, inputJsonSchemas, parseListQuery, parseQueryString } from '@gitmsg/core'
import type { Position, Store } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import type { Middleware } from 'koa'
import type { ApiResponse } from '../openapi/schemas.js'
import { createResponseCache } from '../response-cache.js'
import { toApiFound, toApiMessage } from './api-message.js'
import { createPage, type Page, sendPage } from './page.js'

export interface ListDependencies {
  readonly engine: Engine
  readonly store: Pick<Store, 'revision' | 'position'>
  /** Rejects requests that may not read messages. */
  readonly guardMessages: Middleware
}

interface ReadOptions {
  /** The page is at least that new. */
  readonly position: Position
  readonly signal: AbortSignal
}

const MAX_CACHED_BYTES = 256 * 1024

const { search: searchQuery, topicPage } = inputJsonSchemas()

/** The endpoints that list and find messages, and list topics. */
export function addListRoutes(router: Router, { engine, store, guardMessages }: ListDependencies): void {
  const cachedPage = createResponseCache<Page>(store, isCacheable)
  const cachedSearch = createResponseCache<Page>(store, isCacheable)

  router.get('/messages', guardMessages, listMessages)
  router.get('/search', guardMessages, searchMessages)
  router.get('/topics', guardMessages, listTopics)

  async function listMessages(context: RouterContext): Promise<void> {
    const { querystring } = context
    const read = (position: Position, signal: AbortSignal) => readMessages(querystring, { position, signal })
    sendPage(context, await cachedPage(querystring, read, disconnection(context)))
  }

  async function readMessages(querystring: string, { position, signal }: ReadOptions): Promise<Page> {
    const query = parseListQuery(querystring)
    const { messages, next } = await engine.page(query, { signal })
    const items = messages.map(toApiMessage) satisfies ApiResponse<'MessageList'>
    return createPage({ position, items, next })
  }

  async function searchMessages(context: RouterContext): Promise<void> {
    const { querystring } = context
    const read = (position: Position, signal: AbortSignal) => findMessages(querystring, { position, signal })
    sendPage(context, await cachedSearch(querystring, read, disconnection(context)))
  }

  async function findMessages(querystring: string, { position, signal }: ReadOptions): Promise<Page> {
    const query = parseQueryString(querystring, searchQuery)
    const { found, next } = await engine.search(query, { signal })
    const items = found.map(toApiFound) satisfies ApiResponse<'FoundMessages'>
    return createPage({ position, items, next })
  }

  async function listTopics(context: RouterContext): Promise<void> {
    const query = parseQueryString(context.querystring, topicPage)
    const position = await engine.position()
    const { topics, next } = await engine.topics(query)
    const items = topics satisfies ApiResponse<'TopicList'>
    sendPage(context, await createPage({ position, items, next }))
  }
}

/** Whether a page is short enough to stay in memory. */
const isCacheable = ({ json: { bytes } }: Page): boolean =>
  bytes !== null && bytes.byteLength <= MAX_CACHED_BYTES

/** Aborts if the client disconnects before it has the whole response. */
function disconnection({ res }: RouterContext): AbortSignal {
  const controller = new AbortController()
  res.once('close', () => res.writableFinished || controller.abort())
  return controller.signal
}
