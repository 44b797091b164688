import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import type Koa from 'koa'
import type { Context, Middleware } from 'koa'
import type { Logger } from 'pino'
import { type ErrorCode, HTTP_ERRORS } from '../error-table.js'
import { type HttpError, problem, toHttpError } from '../errors.js'
import { describeClient } from './guards/peer-guard.js'

/** Sends whatever is thrown further in, and requests that nothing responded to, as an error in the one format. */
export function handleErrors(logger: Logger, onRejected: (code: ErrorCode) => void): Middleware {
  const logRejected = createRejectionLog(logger)

  return async function errorHandler(context, next) {
    try {
      await next()
      if (context.status === NOT_FOUND && !context.body && !isTakenOver(context)) throw problem('not_found')
    } catch (thrown) {
      const error = toHttpError(thrown)
      onRejected(error.code)
      if (error.code === 'internal') {
        logger.error({ err: thrown, request_id: context.state.requestId }, 'request failed')
      }
      logRejected(context, error)
      sendError(context, error)
    }
  }
}

/** Koa's status of a request that nothing responded to. */
const NOT_FOUND = HTTP_ERRORS.not_found.status

/** Whether a WebSocket has the connection, so that there is no response. */
const isTakenOver = ({ respond }: Context): boolean => respond === false

function sendError(context: Context, error: HttpError): void {
  const body = error.toBody(context.state.requestId)
  context.status = error.status
  context.type = 'application/json; charset=utf-8'
  context.set(error.headers)
  context.body = body
  if (context.req.complete) return
  // The unread rest of the body would be read as the next request.
  context.set('Connection', 'close')
  if (context.method !== 'HEAD' && !context.get('Expect')) respondThenDrain(context, body)
}

/** How much of an unread body is received and discarded, and for how long. */
const MAX_DRAINED_BYTES = 1024 * 1024
const DRAIN_MS = 500

/**
 * Sends the response at once, but ends it only after discarding the rest of the body: closing the connection
 * while the client is still sending would reset it, and the client might never see the response.
 */
function respondThenDrain(context: Context, text: string): void {
  const body = new PassThrough()
  context.body = body
  context.length = Buffer.byteLength(text)
  body.write(text)
  drain(context.req, () => body.end())
}

function drain(request: IncomingMessage, onDone: () => void): void {
  let drainedBytes = 0
  const timer = setTimeout(finish, DRAIN_MS)
  function discard(chunk: Buffer): void {
    drainedBytes += chunk.byteLength
    if (drainedBytes > MAX_DRAINED_BYTES) finish()
  }
  function finish(): void {
    clearTimeout(timer)
    request.off('data', discard).pause()
    onDone()
  }
  request.on('data', discard).once('end', finish).once('close', finish)
  request.resume()
}

/** Denied access, which an operator looks for after an attack: 401, 403, 421 and 429. */
const LOGGED_STATUSES: readonly number[] = [
  HTTP_ERRORS.missing_token.status,
  HTTP_ERRORS.insufficient_scope.status,
  HTTP_ERRORS.host_not_allowed.status,
  HTTP_ERRORS.rate_limited.status,
]
/** The storage needs its operator. */
const STORAGE_CODES: readonly ErrorCode[] = ['storage_corrupt', 'storage_unavailable', 'storage_unwritable']
/** So does the identity provider, or how it is set. */
const PROVIDER_CODE: ErrorCode = 'provider_unavailable'
/** So that a client that is rejected all the time does not fill the disk. */
const MAX_LINES_PER_SECOND = 10
/** More than the longest host and port. */
const MAX_LOGGED_CHARACTERS = 300

/**
 * Logs requests that were denied, or failed because the storage or the identity provider is broken: client, path,
 * error code, and what the error adds. Beyond ten lines a second they are only counted; the next line has their number as `suppressed`.
 *
 * @param monotonic milliseconds of a clock that never goes back
 */
export function createRejectionLog(logger: Logger, monotonic = () => performance.now()) {
  let second = 0
  let lines = 0
  let suppressed = 0

  return function logRejected(context: Context, error: HttpError): void {
    const { method, path } = context
    const isStorage = STORAGE_CODES.includes(error.code)
    const isDenied = LOGGED_STATUSES.includes(error.status) || error.code === PROVIDER_CODE
    if (!isStorage && !isDenied) return
    const now = Math.floor(monotonic() / 1000)
    if (now !== second) lines = 0
    second = now
    if (lines === MAX_LINES_PER_SECOND) {
      suppressed += 1
      return
    }
    lines += 1
    const fields = {
      ...describeClient(context),
      method,
      path,
      code: error.code,
      ...shorten(error.logged),
      ...(suppressed > 0 && { suppressed }),
    }
    if (isStorage) logger.error({ ...fields, reason: codeOf(error.cause) }, 'the storage failed')
    else logger.warn(fields, 'request rejected')
    suppressed = 0
  }
}

function shorten(fields: HttpError['logged']): HttpError['logged'] {
  const entries = Object.entries(fields)
  return Object.fromEntries(entries.map(([name, value]) => [name, value?.slice(0, MAX_LOGGED_CHARACTERS)]))
}

/** The code of an error of the database or the system, e.g. `SQLITE_IOERR_WRITE`. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** Errors of writing to a client that has disconnected. */
const DISCONNECTED: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']

/** Logs responses that could not be sent completely. A client that disconnects is not an error. */
export function logFailedResponses(app: Koa, logger: Logger): void {
  app.on('error', (error: NodeJS.ErrnoException, { socket, state }: Context) => {
    const request_id = state.requestId
    const hasDisconnected = DISCONNECTED.includes(error.code) && socket.destroyed
    if (hasDisconnected) logger.debug({ request_id, code: error.code }, 'client disconnected')
    else logger.error({ err: error, request_id }, 'response failed')
  })
}
