import { ClientError } from '../client-error.js'
import { type Pause, startPause } from '../retry.js'
import type { Runtime } from '../runtime.js'
import { parseFrame, type ServerFrame, SUBPROTOCOL } from './frames.js'

/** The server sends something every 25 s; after this time without anything, the connection is dead. */
const WATCHDOG_MS = 60_000

/** One connection to the live channel. After `close` and after `onEnd` it calls back no more. */
export interface Connection {
  /** Sends a frame. */
  send(frame: object): void
  /** The milliseconds since the last frame. */
  silentMs(): number
  close(): void
}

/** What a connection calls back. */
export interface ConnectionHandlers {
  /** The first frame to send. */
  readonly hello: () => object
  readonly onFrame: (frame: ServerFrame) => void
  /** `code` is the close code; 1006 if there was none. */
  readonly onEnd: (code: number, error: ClientError) => void
}

/** @throws {ClientError} `no-websocket` */
export function openConnection(runtime: Runtime, { hello, onFrame, onEnd }: ConnectionHandlers): Connection {
  const { WebSocket, timers, timeoutMs, base } = runtime
  if (!WebSocket) throw new ClientError('no-websocket', 'Pass a WebSocket: this runtime has none.')
  const url = new URL('live', base)
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url.href, SUBPROTOCOL)
  let lastFrameAt = timers.now()
  let patienceMs = timeoutMs
  let watchdog: Pause = startPause(runtime, patienceMs, watch)
  let isOver = false
  let cause: unknown

  function watch(): void {
    const leftMs = lastFrameAt + patienceMs - timers.now()
    if (leftMs <= 0) end(1006, new ClientError('timed-out', 'The live channel is silent.'))
    else watchdog = startPause(runtime, leftMs, watch)
  }

  /** Does not wait for the closing handshake, which a dead connection never completes. */
  function finish(): void {
    isOver = true
    watchdog.cancel()
    try {
      socket.close(1000)
    } catch {
      // It was not open yet, or is closed already.
    }
  }

  function end(code: number, error: ClientError): void {
    if (isOver) return
    finish()
    onEnd(code, error)
  }

  socket.onopen = () => {
    if (!isOver) socket.send(JSON.stringify(hello()))
  }
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (isOver) return
    lastFrameAt = timers.now()
    patienceMs = WATCHDOG_MS
    try {
      const frame = parseFrame(data)
      if (frame) onFrame(frame)
    } catch (error) {
      end(1006, error as ClientError)
    }
  }
  // It stays in place: an error without a listener would end a program that uses `ws`, whose events have the reason.
  socket.onerror = ({ error }: { readonly error?: unknown }) => {
    cause = error
  }
  socket.onclose = ({ code }: { readonly code?: number }) =>
    end(code ?? 1006, new ClientError('unreachable', 'The live channel was closed.', { cause }))

  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    silentMs: () => timers.now() - lastFrameAt,
    close: () => {
      if (!isOver) finish()
    },
  }
}
