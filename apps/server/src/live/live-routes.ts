import type { Router, RouterContext } from '@koa/router'
import type { Context, Middleware } from 'koa'
import { problem } from '../http/errors.js'
import { rejectWhileDraining } from '../http/middleware/guards/capacity-guard.js'
import { clientKey } from '../http/middleware/guards/rate-limit.js'
import { EVENT_STREAM, type EventStreamRequest, parseEventStreamRequest } from './event-stream.js'
import { isUpgrade } from './web-socket.js'

/** What accepts clients of the live channel. */
interface Acceptor {
  acceptWebSocket(context: Context, client: string): void
  acceptEventStream(context: Context, request: EventStreamRequest, client: string): void
}

interface LiveDependencies {
  readonly live: Acceptor
  readonly guardMessages: Middleware
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
}

/** The endpoint of the live channel: a WebSocket, or an event stream. */
export function addLiveRoutes(router: Router, { live, guardMessages, isDraining }: LiveDependencies): void {
  router.get('/live', guardRead, rejectWhileDraining(isDraining), openChannel)

  /** A browser cannot send a token with the upgrade: its first frame has it. */
  function guardRead(context: RouterContext, next: () => Promise<void>): Promise<void> | void {
    if (isUpgrade(context) && !context.get('Authorization')) return next()
    return guardMessages(context, next) as Promise<void>
  }

  function openChannel(context: RouterContext): void {
    const client = clientKey(context)
    if (isUpgrade(context)) live.acceptWebSocket(context, client)
    else if (!context.get('Accept').toLowerCase().includes(EVENT_STREAM)) throw problem('not_acceptable')
    else live.acceptEventStream(context, parseEventStreamRequest(context), client)
  }
}
