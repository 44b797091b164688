import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from 'koa'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../access/access.js'
import { SECRET_SHAPE } from '../access/access-token.js'
import { helloSchema, MAX_CLIENT_FRAME_BYTES, SUBPROTOCOL } from '../http/asyncapi/frame-schemas.js'
import { LiveError } from '../http/asyncapi/live-errors.js'
import { problem } from '../http/errors.js'
import { UpgradeResponse } from '../http/server/upgrades.js'
import { toFilter } from './batch.js'
import type { Connection, Transport } from './connection.js'

/** More frames, pings and pongs than this in a minute are a flood. */
const MAX_FRAMES_PER_MINUTE = 60
const MINUTE_MS = 60_000
/** Of one frame. Empty ones cost time, too. */
const MAX_FRAGMENTS = 256
/** A client that sends pings and reads no pongs gets no more of them. */
const MAX_UNSENT_PONGS = 1024
const ABNORMAL_CLOSE = 1006

/** How the connections of a server are made. */
interface WebSocketOptions {
  readonly access: Access | null
  /** Registers a client; `onClose` is called with the close code when it is gone. */
  readonly connect: (transport: Transport) => Connection
  readonly onClose: (connection: Connection, code: number) => void
}

/** Turns a request that has passed all guards into a WebSocket. */
export type AcceptWebSocket = (context: Context, options: WebSocketOptions) => void

/** Whether a request asks for a WebSocket. */
export const isUpgrade = ({ res }: Context): boolean => res instanceof UpgradeResponse

export function createWebSocketAcceptor(): AcceptWebSocket {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols: () => SUBPROTOCOL,
  })
  // Without a listener, ws would respond in a format of its own.
  server.on('wsClientError', () => {})
  /** handleUpgrade calls back before it returns, or never. */
  let isAccepted = false

  return function acceptWebSocket(context, options) {
    assertProtocol(context.req)
    if (context.querystring !== '') {
      throw problem('invalid_query', {
        message: 'A WebSocket takes no parameters: its first frame has them.',
      })
    }
    isAccepted = false
    const response = context.res as UpgradeResponse
    server.handleUpgrade(context.req, response.upgradedSocket, Buffer.alloc(0), (socket) => {
      isAccepted = true
      response.detach()
      context.respond = false
      serveWebSocket(socket, response.upgradedSocket, options)
    })
    if (!isAccepted) throw problem('invalid_request', { message: 'The WebSocket handshake is not valid.' })
  }
}

/** A token here would end up in logs. */
function assertProtocol({ headers }: IncomingMessage): void {
  const { 'sec-websocket-protocol': offered } = headers
  if (offered === undefined) return
  const protocols = offered.split(',').map((protocol) => protocol.trim())
  if (!protocols.includes(SUBPROTOCOL) || SECRET_SHAPE.test(offered)) {
    throw problem('invalid_header', { message: `The subprotocol must be ${SUBPROTOCOL}.` })
  }
}

function serveWebSocket(
  socket: WebSocket,
  stream: Socket,
  { access, connect, onClose }: WebSocketOptions,
): void {
  let heardAt = performance.now()
  let minuteStartedAt = heardAt
  let frames = 0
  /** Hellos are taken one after the other. */
  let handling = Promise.resolve()
  const connection = connect({
    // Past ws, which would make a header for each connection. It writes its own frames to the same stream, each at once.
    send({ webSocket }, onSent) {
      if (socket.readyState === socket.OPEN) stream.write(webSocket, onSent)
    },
    get unsentBytes() {
      return socket.bufferedAmount
    },
    get heardAt() {
      return heardAt
    },
    ping: () => socket.ping(),
    close(code, reason, lingerMs) {
      socket.close(code, reason)
      const timer = setTimeout(() => socket.terminate(), lingerMs)
      socket.once('close', () => clearTimeout(timer))
    },
    destroy: () => socket.terminate(),
  })

  socket.on('message', handleMessage)
  socket.on('ping', handlePing)
  socket.on('pong', admitFrame)
  // What breaches RFC 6455 closes with the codes of that, by ws itself.
  socket.on('error', () => {})
  socket.once('close', (code) => onClose(connection, code || ABNORMAL_CLOSE))

  /** Returns whether the client keeps within bounds. */
  function admitFrame(): boolean {
    heardAt = performance.now()
    if (heardAt - minuteStartedAt >= MINUTE_MS) {
      minuteStartedAt = heardAt
      frames = 0
    }
    frames += 1
    if (frames > MAX_FRAMES_PER_MINUTE) connection.end('invalid_frame')
    return frames <= MAX_FRAMES_PER_MINUTE
  }

  function handlePing(data: Buffer): void {
    if (admitFrame() && socket.bufferedAmount <= MAX_UNSENT_PONGS) socket.pong(data)
  }

  function handleMessage(data: RawData, isBinary: boolean): void {
    if (!admitFrame()) return
    if (isBinary) connection.end('binary_frame')
    else handling = handling.then(() => handleHello(String(data))).catch(connection.fail)
  }

  async function handleHello(text: string): Promise<void> {
    const hello = helloSchema.safeParse(parseJson(text)).data
    if (!hello) throw new LiveError('invalid_frame')
    const { token: secret, after, topics } = hello
    await connection.begin({
      ...(secret !== undefined && access && { token: await access.identify(secret) }),
      after,
      filter: topics && toFilter(topics),
    })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
