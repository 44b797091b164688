import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { cutConnection } from './cut-connection.js'
import type { ErrorAnswer } from '../error-table.js'
import { REQUEST_EVENTS } from '../request-events.js'

/** Answers what Node.js refuses before there is a request, in the same form as everything else. */
export function answerClientErrors(server: Server, onRejected: (code: string) => void): void {
  const isAnswering = watchAnswers(server)

  const reject = (socket: Duplex, answer: ErrorAnswer): void => {
    onRejected(answer.code)
    cutConnection(socket, answer)
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) socket.destroy()
    else reject(socket, answerTo(error.code))
  })

  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    if (isAnswering(socket)) return void socket.destroy()
    const message = 'This server is no proxy.'
    const headers = { Allow: 'GET, HEAD, POST' }
    reject(socket, { status: 405, code: 'method_not_allowed', message, headers })
  })
}

/**
 * Tells of a connection whether an answer on it has begun, or is that of an earlier request: another one would
 * be taken for a part of it, or for it.
 */
function watchAnswers(server: Server): (socket: Duplex) => boolean {
  const answers = new WeakMap<Duplex, Set<ServerResponse>>()
  function remember({ socket }: IncomingMessage, answer: ServerResponse): void {
    const underWay = answers.get(socket) ?? new Set()
    answers.set(socket, underWay.add(answer))
    answer.once('close', () => underWay.delete(answer))
  }
  for (const event of REQUEST_EVENTS) server.on(event, remember)
  return (socket) =>
    [...(answers.get(socket) ?? [])].some(({ headersSent, req }) => headersSent || req.complete)
}

function answerTo(code: string | undefined): ErrorAnswer {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'headers_too_large', message: 'The headers must not be over 16 KiB.' }
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'request_timeout', message: 'The request did not come in time.' }
  }
  return { status: 400, code: 'invalid_request', message: 'This is not an HTTP request.' }
}
