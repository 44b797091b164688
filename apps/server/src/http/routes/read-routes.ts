import { type Engine, inputJsonSchemas, parseQueryString } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import type { Middleware } from 'koa'
import { problem } from '../errors.js'
import { toPositionText } from '../feed-position.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { toApiDetails, toApiMessage, toApiVersion, toEtag } from './api-message.js'
import { keyOf, noSuchMessage } from './message-key.js'
import { createPage, sendPage } from './page.js'

export interface ReadDependencies {
  readonly engine: Engine
  /** Rejects requests that may not read messages. */
  readonly guardMessages: Middleware
}

const { page: historyPage, threadPage } = inputJsonSchemas()

/** The endpoints that read one message, its versions, and its thread. */
export function addReadRoutes(router: Router, { engine, guardMessages }: ReadDependencies): void {
  router.get('/messages/:key', guardMessages, getMessage)
  router.get('/messages/:key/history', guardMessages, listVersions)
  router.get('/messages/:key/thread', guardMessages, listThread)

  async function getMessage(context: RouterContext): Promise<void> {
    const key = keyOf(context)
    // Read first, so that the response is at least that new.
    const position = await engine.position()
    const message = await engine.find(key)
    if (!message) throw noSuchMessage()
    if (message.deleted_at !== null) throw problem('deleted')
    context.set({ ETag: toEtag(message), 'Gitmsg-Position': toPositionText(position) })
    context.body = toApiDetails(message) satisfies ApiResponse<'MessageDetails'>
  }

  async function listVersions(context: RouterContext): Promise<void> {
    const key = keyOf(context)
    const query = parseQueryString(context.querystring, historyPage)
    const position = await engine.position()
    const page = await engine.history(key, query)
    if (!page) throw noSuchMessage()
    const items = page.versions.map(toApiVersion) satisfies ApiResponse<'MessageHistory'>
    sendPage(context, await createPage({ position, items, next: page.next }))
  }

  async function listThread(context: RouterContext): Promise<void> {
    const key = keyOf(context)
    const query = parseQueryString(context.querystring, threadPage)
    const position = await engine.position()
    const page = await engine.thread(key, query)
    if (!page) throw noSuchMessage()
    const items = page.messages.map(toApiMessage) satisfies ApiResponse<'MessageList'>
    sendPage(context, await createPage({ position, items, next: page.next }))
  }
}
