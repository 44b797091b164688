import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ErrorCode, type HttpError, problem } from '../errors.js'
import { REQUEST_EVENTS } from './connection-limits.js'
import { cutConnection } from './cut-connection.js'

/** Responds to what Node.js rejects before there is a request, in the format of all errors. */
export function handleClientErrors(server: Server, onRejected: (code: ErrorCode) => void): void {
  const isResponding = trackResponses(server)

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
function trackResponses(server: Server): (socket: Duplex) => boolean {
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
