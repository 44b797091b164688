import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type Koa from 'koa'
import type { ErrorCode } from '../error-table.js'
import { handleClientErrors, trackResponses } from './client-error.js'
import { limitConnections, REQUEST_EVENTS } from './connection-limits.js'
import { handleUpgrades } from './upgrades.js'

/** A server that accepts connections. */
export interface HttpServer {
  /** e.g. `http://127.0.0.1:3000/` */
  readonly url: string
  /** Stops accepting connections. Resolves when all requests under way have completed, or after `milliseconds`. */
  drain(milliseconds: number): Promise<void>
}

/** Where and how to listen. */
export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Called with the error code whenever something that is not a valid request is rejected. */
  readonly onRejected: (code: ErrorCode) => void
  /** How many connections of the live channel to allow beside those of requests. 0, the default: it does not exist. */
  readonly liveSockets?: number
  /** Override single limits. */
  readonly limits?: Partial<typeof LIMITS>
}

/** What a client may hold open, and for how long. Times are in milliseconds, `maxHeaderSize` in bytes. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  connectionsCheckingInterval: 500,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  /** Without any progress: a client that reads slowly gets the whole response. */
  unreadTimeout: 60_000,
  maxConnections: 1024,
  maxRequestsPerConnection: 1000,
}

const SWEEP_INTERVAL_MS = 50
/** Connections that the system accepts before the server does: as many as Linux allows. Beyond it, clients wait seconds. */
const BACKLOG = 4096

/**
 * Listens with limits on what a client may hold open.
 *
 * @throws the system's error, e.g. `EADDRINUSE`
 */
export async function listen(app: Koa, options: ListenOptions): Promise<HttpServer> {
  const server = createHttpServer(app, options)
  const sockets = trackSockets(server)
  server.listen({ port: options.port, host: options.host, backlog: BACKLOG })
  await once(server, 'listening')
  const { address, port, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`
  return { url, drain: (milliseconds) => drain(server, sockets, milliseconds) }
}

/** Creates the server of {@link listen}, which does not listen yet. */
export function createHttpServer(app: Koa, options: Omit<ListenOptions, 'host' | 'port'>): Server {
  const { liveSockets = 0 } = options
  const limits = { ...LIMITS, ...options.limits }
  // The host guard rejects a request without a host, in the format of all errors.
  const server = createServer({ ...limits, requireHostHeader: false })
  server.timeout = limits.unreadTimeout
  server.maxConnections = limits.maxConnections + liveSockets
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection
  // Node.js would silently drop headers over its limit; the request guard rejects them.
  server.maxHeadersCount = 0
  limitConnections(server)
  const isResponding = trackResponses(server)
  handleClientErrors(server, { isResponding, onRejected: options.onRejected })
  const handle = app.callback()
  // readJson sends 100 Continue itself, so that a request can be rejected before its body is sent.
  for (const event of REQUEST_EVENTS) server.on(event, handle)
  if (liveSockets > 0) handleUpgrades(server, { path: '/live', handle, isResponding })
  return server
}

/** All open sockets, including those that the server no longer tracks, e.g. of CONNECT requests. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    if (sockets.has(socket)) return
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
  // Kept-alive connections become idle one by one, as their last responses are sent.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS)
  await closed
  clearTimeout(timer)
  clearInterval(sweep)
}
