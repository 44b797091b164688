import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'

/** Gives each request an id, answers it in `X-Request-Id`, and logs the request under it. */
export function identifyRequests(logger: Logger): Middleware {
  return async (context, next) => {
    const requestId = randomUUID()
    const start = performance.now()
    context.state.requestId = requestId
    context.set('X-Request-Id', requestId)
    await next()
    if (!logger.isLevelEnabled('debug')) return
    const milliseconds = Math.round(10 * (performance.now() - start)) / 10
    const { method, path, status } = context
    const who = {
      request_id: requestId,
      peer: context.socket.remoteAddress,
      token: context.state.token?.name,
    }
    logger.debug({ ...who, method, path, status, milliseconds }, 'request answered')
  }
}
