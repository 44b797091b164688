import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'

/** Gives each request an id, returns it as `X-Request-Id`, and logs the completed request at level debug. */
export function assignRequestId(logger: Logger): Middleware {
  return async function requestId(context, next) {
    const id = randomUUID()
    const start = performance.now()
    context.state.requestId = id
    context.set('X-Request-Id', id)
    await next()
    if (!logger.isLevelEnabled('debug')) return
    const { method, path, status, socket, state } = context
    const milliseconds = Math.round(10 * (performance.now() - start)) / 10
    const client = { request_id: id, peer: socket.remoteAddress, token: state.token?.name }
    logger.debug({ ...client, method, path, status, milliseconds }, 'request completed')
  }
}
