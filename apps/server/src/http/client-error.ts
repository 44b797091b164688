import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorBody } from './error-answer.js'
import type { ErrorAnswer } from './error-table.js'
import { SECURITY_HEADERS } from './security-headers.js'

/** Answers what Node.js refuses before there is a request, in the same form as everything else. */
export function answerClientErrors(server: Server, onRejected: (code: string) => void): void {
  const answers = new WeakMap<Duplex, ServerResponse>()
  const remember = (request: IncomingMessage, response: ServerResponse) =>
    void answers.set(request.socket, response)
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, remember)

  const reject = (socket: Duplex, answer: ErrorAnswer): void => {
    onRejected(answer.code)
    writeAnswer(socket, answer)
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const begun = answers.get(socket)
    // In the middle of an answer, a second one would be taken for a part of it.
    const inTheMiddle = begun?.headersSent === true && !begun.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || inTheMiddle) socket.destroy()
    else reject(socket, answerTo(error.code))
  })

  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    const message = 'This server is no proxy.'
    const headers = { Allow: 'GET, HEAD, POST' }
    reject(socket, { status: 405, code: 'method_not_allowed', message, headers })
  })
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

function writeAnswer(socket: Duplex, answer: ErrorAnswer): void {
  const requestId = randomUUID()
  const body = errorBody(answer, requestId)
  const headers = {
    ...SECURITY_HEADERS,
    ...answer.headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${answer.status} ${answer.code}\r\n${lines.join('')}\r\n${body}`)
}
