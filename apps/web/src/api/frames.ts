import type { WebSocketConstructor } from '@gitmsg/client'
import { MASK } from './mask-secrets.js'

/** What happened on a WebSocket. */
export interface Frame {
  readonly way: 'sent' | 'received' | 'closed'
  /** The type of the frame, or the close code with its reason. */
  readonly type: string
  /** The frame as it was sent or received, but for the access token; empty if the socket was closed. */
  readonly json: string
  readonly at: Date
}

/** A WebSocket like that of the browser. `onFrame` is called with whatever its sockets send and receive. */
export function observeSockets(onFrame: (frame: Frame) => void): WebSocketConstructor {
  function observe(socket: WebSocket): WebSocket {
    const send = socket.send.bind(socket)
    socket.send = (data) => {
      onFrame(toFrame('sent', data))
      send(data)
    }
    socket.addEventListener('message', ({ data }) => onFrame(toFrame('received', data)))
    socket.addEventListener('close', ({ code, reason }) =>
      onFrame({ way: 'closed', type: `${code} ${reason}`.trimEnd(), json: '', at: new Date() }),
    )
    return socket
  }

  return new Proxy(WebSocket, {
    construct: (Socket, parameters: ConstructorParameters<typeof WebSocket>) =>
      observe(new Socket(...parameters)),
  })
}

function toFrame(way: 'sent' | 'received', data: unknown): Frame {
  const text = String(data)
  const { type = 'unknown', token, ...fields } = parse(text)
  const json = token === undefined ? text : JSON.stringify({ type, token: MASK, ...fields })
  return { way, type: String(type), json, at: new Date() }
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
