import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type Koa from 'koa'
import { errorBody } from './error-answer.js'
import type { ErrorAnswer } from './error-table.js'
import { SECURITY_HEADERS } from './security-headers.js'

export interface HttpServer {
  /** e.g. `http://127.0.0.1:3000/` */
  readonly url: string
  /** Stops accepting, and resolves when every request under way is answered or `milliseconds` are over. */
  drain(milliseconds: number): Promise<void>
}

/**
 * Listens with limits on what a client may hold open.
 *
 * @throws the system's error, e.g. `EADDRINUSE`
 */
export async function listen(app: Koa, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: 8 * 1024,
      connectionsCheckingInterval: 1000,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      requireHostHeader: false, // the origin guard refuses such requests in the form of all errors
    },
    app.callback(),
  )
  server.keepAliveTimeout = 5_000
  server.maxConnections = 1024
  server.on('clientError', answerClientError)
  server.listen(port, host)
  await once(server, 'listening')
  const { address, port: actual, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/`
  return { url, drain: (milliseconds) => drain(server, milliseconds) }
}

async function drain(server: Server, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), milliseconds)
  const closed = once(server, 'close')
  server.close()
  // Kept-alive connections become idle one by one, as their last answers are sent.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearTimeout(timer)
  clearInterval(sweep)
}

/** What Node.js refuses before there is a request: answered in the same form as everything else. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const answer = clientAnswer(error.code)
  const body = errorBody(answer)
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${answer.status} ${answer.code}\r\n${lines.join('')}\r\n${body}`)
}

function clientAnswer(code: string | undefined): ErrorAnswer {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'headers_too_large', message: 'The headers must not be over 8 KiB.' }
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'request_timeout', message: 'The request did not come in time.' }
  }
  return { status: 400, code: 'invalid_request', message: 'This is not an HTTP request.' }
}
