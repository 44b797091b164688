import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Handles a request. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** The response to a request for a WebSocket: an ordinary one, unless the socket is taken over. */
export class UpgradeResponse extends ServerResponse {
  readonly upgradedSocket: Socket

  constructor(request: IncomingMessage, socket: Socket) {
    super(request)
    this.upgradedSocket = socket
    this.shouldKeepAlive = false
    this.assignSocket(socket)
    this.once('finish', this.#endConnection)
  }

  /** Leaves the socket to a WebSocket. */
  detach(): void {
    this.off('finish', this.#endConnection)
    this.detachSocket(this.upgradedSocket)
    // Koa waits for this or for the end of the socket, and would keep the request in memory until then.
    this.emit('finish')
  }

  readonly #endConnection = () => endConnection(this.upgradedSocket)
}

/** How long a client has to read the response before the connection is closed. */
const LINGER_MS = 500

function endConnection(socket: Socket): void {
  socket.on('data', () => {}).end()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

/**
 * Thousands of clients may come back at once, and a probe or a post must not wait until all of them are served. Node.js
 * accepts one connection in a turn of its event loop, so handshakes wait while new connections do.
 */
const MAX_HANDSHAKES_PER_TURN = 8
/** After it, one handshake takes its turn with each new connection. */
const MAX_WAIT_MS = 5_000

/**
 * Has requests for a WebSocket at `path` handled like all others, so that they pass the same guards. Requests for
 * other protocols, such as HTTP/2, are handled as if they had not asked, body included.
 *
 * @param isResponding whether a connection has a response that is not complete
 */
export function handleUpgrades(
  server: Server,
  {
    path,
    handle,
    isResponding,
  }: { path: string; handle: RequestHandler; isResponding: (socket: Duplex) => boolean },
): void {
  const waiting: { request: IncomingMessage; socket: Socket; since: number }[] = []
  let hasAccepted = false
  server.on('connection', () => {
    hasAccepted = true
  })

  server.on('upgrade', function handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer) {
    const socket = stream as Socket
    socket.on('error', () => socket.destroy())
    if (isResponding(socket)) return void socket.destroy()
    if (!isForWebSocket(request, path)) return repeatWithoutUpgrade(server, request, { socket, head })
    if (head.length > 0) socket.unshift(head)
    waiting.push({ request, socket, since: performance.now() })
    if (waiting.length === 1) setImmediate(handleSome)
  })

  function handleSome(): void {
    for (const { request, socket } of waiting.splice(0, countDue())) {
      // The client may have given up.
      if (socket.readable && socket.writable) handle(request, new UpgradeResponse(request, socket))
      else socket.destroy()
    }
    if (waiting.length > 0) setImmediate(handleSome)
  }

  function countDue(): number {
    const wasIdle = !hasAccepted
    hasAccepted = false
    if (wasIdle) return MAX_HANDSHAKES_PER_TURN
    return performance.now() - (waiting[0]?.since ?? 0) < MAX_WAIT_MS ? 0 : 1
  }
}

function isForWebSocket({ method, url = '', headers }: IncomingMessage, path: string): boolean {
  const isPath = url.replace(/^http:\/\/[^/?#]*/i, '').split('?')[0] === path
  return method === 'GET' && isPath && headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * Gives the connection back to the server with the request as it came, but for its `Upgrade` header. Node.js passes
 * every request with that header here, and reads no bodies of them; curl and Java send it with plain requests.
 */
function repeatWithoutUpgrade(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  { socket, head }: { socket: Socket; head: Buffer },
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${value}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
