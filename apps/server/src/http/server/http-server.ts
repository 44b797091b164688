import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type Koa from 'koa'
import { answerClientErrors } from './client-error.js'
import { limitConnections } from './connection-limits.js'
import { REQUEST_EVENTS } from '../request-events.js'

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
  /** Others than those that are usual. */
  readonly limits?: Partial<typeof LIMITS>
}

/** What a client may hold open, and for how long: bytes, milliseconds and numbers. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  connectionsCheckingInterval: 500,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  /** Without any progress: who reads slowly is waited for. */
  unreadTimeout: 60_000,
  maxConnections: 1024,
  maxRequestsPerConnection: 1000,
}

/**
 * Listens with limits on what a client may hold open.
 *
 * @throws the system's error, e.g. `EADDRINUSE`
 */
export async function listen(app: Koa, options: ListenOptions): Promise<HttpServer> {
  const limits = { ...LIMITS, ...options.limits }
  // A request without a host is refused by the host guard, in the form of all errors.
  const server = createServer({ ...limits, requireHostHeader: false })
  server.timeout = limits.unreadTimeout
  server.maxConnections = limits.maxConnections
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection
  // Node.js would drop headers over its limit silently; the request guard refuses them.
  server.maxHeadersCount = 0
  const sockets = watchSockets(server)
  limitConnections(server)
  answerClientErrors(server, options.onRejected)
  const handle = app.callback()
  // Whoever reads a body asks for it, so that a request can be refused before the body is sent.
  for (const event of REQUEST_EVENTS) server.on(event, handle)
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { address, port, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`
  return { url, drain: (milliseconds) => drain(server, sockets, milliseconds) }
}

/** The sockets that are open, also those that the server hands over to others and forgets. */
function watchSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

async function drain(server: Server, sockets: ReadonlySet<Socket>, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, milliseconds)
  const closed = once(server, 'close')
  server.close()
  // Kept-alive connections become idle one by one, as their last answers are sent.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearTimeout(timer)
  clearInterval(sweep)
}
