import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '../error-table.js'
import { type HttpError, problem } from '../errors.js'
import { SECURITY_HEADERS } from '../middleware/common-headers.js'
import { REQUEST_EVENTS } from './connection-limits.js'

/** Whether a connection has a response under way. */
export type IsResponding = (socket: Duplex) => boolean

/** Responds to what Node.js rejects before there is a request, in the format of all errors. */
export function handleClientErrors(
  server: Server,
  { isResponding, onRejected }: { isResponding: IsResponding; onRejected: (code: ErrorCode) => void },
): void {
  function reject(socket: Duplex, error: HttpError): void {
    onRejected(error.code)
    cutConnection(socket, error)
  }

  server.on('clientError', function handleClientError(error: NodeJS.ErrnoException, socket) {
    if (error.code === 'ECONNRESET' || !socket.writable || isResponding(socket)) socket.destroy()
    else reject(socket, toHttpError(error.code))
  })

  server.on('connect', function handleConnect(_request, socket) {
    socket.on('error', () => socket.destroy())
    if (isResponding(socket)) return void socket.destroy()
    const message = 'Proxy requests are not supported.'
    reject(socket, problem('method_not_allowed', { message, headers: { Allow: 'GET, HEAD, POST' } }))
  })
}

/**
 * Tracks whether a connection has a response that has been started, or that belongs to an earlier request: an
 * error written there would be read as a part of it, or instead of it.
 */
export function trackResponses(server: Server): IsResponding {
  const responses = new WeakMap<Duplex, Set<ServerResponse>>()
  function track({ socket }: IncomingMessage, response: ServerResponse): void {
    const open = responses.get(socket) ?? new Set()
    responses.set(socket, open.add(response))
    response.once('close', () => open.delete(response))
  }
  for (const event of REQUEST_EVENTS) server.on(event, track)
  return (socket) =>
    [...(responses.get(socket) ?? [])].some(({ headersSent, req }) => headersSent || req.complete)
}

/** @param code of the error that Node.js emits */
function toHttpError(code: string | undefined): HttpError {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('headers_too_large')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('request_timeout')
  return problem('invalid_request', { message: 'The request is not valid HTTP.' })
}

/** How long a client has to read the response before the connection is closed. */
const LINGER_MS = 500

/**
 * Sends an error outside of any request, and closes the connection a little later whatever the client does:
 * closing it at once while the client is still sending would reset it, and the client might never see the
 * response. Anything that arrives in the meantime is discarded.
 */
function cutConnection(socket: Duplex, error: HttpError): void {
  socket.removeAllListeners('data').on('data', () => {})
  socket.end(formatResponse(error))
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

function formatResponse(error: HttpError): string {
  const requestId = randomUUID()
  const body = error.toBody(requestId)
  const headers = {
    ...SECURITY_HEADERS,
    ...error.headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${error.status} ${error.code}\r\n${lines.join('')}\r\n${body}`
}
