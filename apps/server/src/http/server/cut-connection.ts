import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { errorBody } from '../middleware/error-handler.js'
import type { ErrorAnswer } from '../error-table.js'
import { SECURITY_HEADERS } from '../middleware/security-headers.js'

/** How long, in milliseconds, a client has to read the answer. */
const LINGER = 500

/**
 * Answers without a request, and lets go of the connection a little later, whatever the client does: one that
 * is closed at once on a client that is still sending is reset, and the client may never see the answer.
 * Nothing that comes in the meantime is taken for a request, or for the rest of one.
 */
export function cutConnection(socket: Duplex, answer: ErrorAnswer): void {
  socket.removeAllListeners('data').on('data', () => {})
  socket.end(asText(answer))
  const timer = setTimeout(() => socket.destroy(), LINGER)
  socket.once('close', () => clearTimeout(timer))
}

function asText(answer: ErrorAnswer): string {
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
  return `HTTP/1.1 ${answer.status} ${answer.code}\r\n${lines.join('')}\r\n${body}`
}
