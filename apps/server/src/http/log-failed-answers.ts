import type Koa from 'koa'
import type { Logger } from 'pino'

/** What the writing of an answer fails with when the client has gone away. */
const GONE: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']

/** Logs answers that could not be sent to their end; that a client went away is no error. */
export function logFailedAnswers(app: Koa, logger: Logger): void {
  app.on('error', (error: NodeJS.ErrnoException, { socket, state }: Koa.Context) => {
    const hasGone = GONE.includes(error.code) && socket.destroyed
    if (hasGone) logger.debug({ request_id: state.requestId, code: error.code }, 'client has gone')
    else logger.error({ err: error, request_id: state.requestId }, 'answer failed')
  })
}
