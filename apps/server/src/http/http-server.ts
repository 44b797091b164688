import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Koa from 'koa'
import { answerClientErrors } from './client-error.js'

export interface HttpServer {
  /** e.g. `http://127.0.0.1:3000/` */
  readonly url: string
  /** Stops accepting, and resolves when every request under way is answered or `milliseconds` are over. */
  drain(milliseconds: number): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Called with the code of each answer to what is no request. */
  readonly onRejected: (code: string) => void
}

/** What a client may hold open, and for how long: bytes, milliseconds and numbers. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  connectionsCheckingInterval: 500,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
}
const MAX_CONNECTIONS = 1024
const MAX_REQUESTS_PER_CONNECTION = 1000

/**
 * Listens with limits on what a client may hold open.
 *
 * @throws the system's error, e.g. `EADDRINUSE`
 */
export async function listen(app: Koa, { host, port, onRejected }: ListenOptions): Promise<HttpServer> {
  const handle = app.callback()
  // A request without a host is refused by the host guard, in the form of all errors.
  const server = createServer({ ...LIMITS, requireHostHeader: false }, handle)
  server.maxConnections = MAX_CONNECTIONS
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION
  // Node.js would drop headers over its limit silently; the request guard refuses them.
  server.maxHeadersCount = 0
  // Whoever reads a body asks for it, so that a request can be refused before the body is sent.
  server.on('checkContinue', handle)
  server.on('checkExpectation', handle)
  answerClientErrors(server, onRejected)
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
