import type { Router, RouterContext } from '@koa/router'
import { problem } from '../http/errors.js'
import { rejectWhileDraining } from '../http/middleware/guards/capacity-guard.js'
import { clientKey } from '../http/middleware/guards/rate-limit.js'
import type { RequireScope } from '../http/middleware/guards/token-guard.js'
import type { Live } from './create-live.js'
import { EVENT_STREAM, parseEventStreamRequest } from './event-stream.js'
import { isUpgrade } from './web-socket.js'

export interface LiveDependencies {
  /** `null`: there is no live channel. */
  readonly live: Live | null
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
}

/** The endpoint of the live channel: a WebSocket, or an event stream. */
export function addLiveRoutes(router: Router, { live, requireScope, isDraining }: LiveDependencies): void {
  const requireRead = requireScope('read')

  router.get('/live', guardRead, rejectWhileDraining(isDraining), openChannel)

  /** A browser cannot send a token with the upgrade: its first frame has it. */
  function guardRead(context: RouterContext, next: () => Promise<void>): Promise<void> | void {
    if (isUpgrade(context) && !context.get('Authorization')) return next()
    return requireRead(context, next) as Promise<void>
  }

  function openChannel(context: RouterContext): void {
    if (!live) throw problem('not_found')
    const client = clientKey(context)
    if (isUpgrade(context)) live.acceptWebSocket(context, client)
    else if (!context.get('Accept').toLowerCase().includes(EVENT_STREAM)) throw problem('not_acceptable')
    else live.acceptEventStream(context, parseEventStreamRequest(context), client)
  }
}
