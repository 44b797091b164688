import { type Engine, parseQueryString } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import { feedQuery, parsePosition, toPositionText } from '../feed-position.js'
import { sendJsonList, serializeField } from '../json-list.js'
import type { RequireScope } from '../middleware/guards/token-guard.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { toApiDetails } from './api-message.js'

export interface FeedDependencies {
  readonly engine: Engine
  readonly requireScope: RequireScope
}

/** The endpoint that reads what has changed. */
export function addFeedRoutes(router: Router, { engine, requireScope }: FeedDependencies): void {
  router.get('/changes', requireScope('read'), listChanges)

  async function listChanges(context: RouterContext): Promise<void> {
    const { after, ...page } = parseQueryString(context.querystring, feedQuery)
    const place = after === undefined ? null : parsePosition(after)
    const { epoch, position, messages } = await engine.changes(place, page)
    const items = messages.map(toApiDetails) satisfies ApiResponse<'Changes'>['messages']
    context.set('Gitmsg-Position', toPositionText({ epoch, position }))
    sendJsonList(context, await serializeField({ epoch, position }, 'messages', items))
  }
}
