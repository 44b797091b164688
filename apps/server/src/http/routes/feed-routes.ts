import { type Engine, parseQueryString } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import type { Middleware } from 'koa'
import { feedQuery, parsePosition, toPositionText } from '../feed-position.js'
import { sendJsonList, serializeField } from '../json-list.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { toApiDetails } from './api-message.js'

export interface FeedDependencies {
  readonly engine: Engine
  /** Rejects requests that may not read messages. */
  readonly guardMessages: Middleware
}

/** The endpoint that reads what has changed. */
export function addFeedRoutes(router: Router, { engine, guardMessages }: FeedDependencies): void {
  router.get('/changes', guardMessages, listChanges)

  async function listChanges(context: RouterContext): Promise<void> {
    const { after, ...page } = parseQueryString(context.querystring, feedQuery)
    const place = after === undefined ? null : parsePosition(after)
    const { epoch, position, messages } = await engine.changes(place, page)
    const items = messages.map(toApiDetails) satisfies ApiResponse<'Changes'>['messages']
    context.set('Gitmsg-Position', toPositionText({ epoch, position }))
    sendJsonList(context, await serializeField({ epoch, position }, 'messages', items))
  }
}
