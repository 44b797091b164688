import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'
import { SUBPROTOCOL } from '../../live/frame-schemas.js'
import { expectDescribed } from './described-frames.js'
import { createInbox, type Inbox } from './inbox.js'

/** An open WebSocket. */
export interface LiveSocket extends Inbox {
  readonly socket: WebSocket
  send(frame: unknown): void
  /** Resolves with the code and reason of the close frame. */
  readonly closed: Promise<{ code: number; reason: string }>
  /** The position after the last frame of the feed. */
  place(): { epoch: string; position: number }
  close(): void
  [Symbol.dispose](): void
}

export interface SocketOptions {
  /** The first frame; `null`: none is sent. Default: a hello without a place. */
  readonly hello?: object | null
  readonly protocols?: string[]
  readonly path?: string
  readonly client?: ClientOptions
}

/**
 * Opens a WebSocket, and expects every frame to be described, and the chain of positions to be closed.
 *
 * @throws {Error} `Unexpected server response: STATUS` if the handshake is rejected
 */
export async function openSocket(url: string, options: SocketOptions = {}): Promise<LiveSocket> {
  const { hello = {}, protocols = [SUBPROTOCOL], path = 'live', client } = options
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, client)
  const inbox = createInbox()
  const place = { epoch: '', position: -1 }
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  socket.on('error', () => {})
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    expectDescribed(frame)
    if (frame.type === 'messages' && frame.after !== place.position) {
      throw new Error(`the chain is broken: ${frame.after} after ${place.position}`)
    }
    if (frame.epoch !== undefined) place.epoch = frame.epoch
    if (['welcome', 'messages', 'reset'].includes(frame.type)) place.position = frame.position
    inbox.add(frame)
  })
  const live: LiveSocket = {
    ...inbox,
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    place: () => ({ ...place }),
    close: () => socket.close(),
    [Symbol.dispose]: () => socket.terminate(),
  }
  await Promise.race([once(socket, 'open'), once(socket, 'error').then(([error]) => Promise.reject(error))])
  if (hello !== null) live.send({ type: 'hello', ...hello })
  return live
}

/** Opens a WebSocket, and waits for its welcome. */
export async function openWelcomed(url: string, options: SocketOptions = {}): Promise<LiveSocket> {
  const live = await openSocket(url, options)
  await live.until(({ type }) => type === 'welcome')
  return live
}
