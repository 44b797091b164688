import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { HttpError } from '../errors.js'
import { SECURITY_HEADERS } from '../middleware/security-headers.js'

/** How long a client has to read the response before the connection is closed. */
const LINGER_MS = 500

/**
 * Sends an error outside of any request, and closes the connection a little later whatever the client does:
 * closing it at once while the client is still sending would reset it, and the client might never see the
 * response. Anything that arrives in the meantime is discarded.
 */
export function cutConnection(socket: Duplex, error: HttpError): void {
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
