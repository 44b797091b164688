import type { MessageDetails, WebSocketLike } from '../index.js'

/** A connection whose other end is the test. */
class FakeSocket implements WebSocketLike {
  onopen: (() => unknown) | null = null
  onmessage: ((event: { data: unknown }) => unknown) | null = null
  onclose: ((event: { code?: number }) => unknown) | null = null
  onerror: (() => unknown) | null = null
  readonly sent: Record<string, unknown>[] = []
  isClosed = false

  constructor(
    readonly url: string,
    readonly protocols?: string,
  ) {}

  send(data: string): void {
    this.sent.push(JSON.parse(data))
  }

  close(): void {
    this.isClosed = true
  }

  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  welcome(position: number, epoch = 'e'): void {
    this.onopen?.()
    this.receive({ type: 'welcome', epoch, position, heartbeat_seconds: 25, sender: null, scopes: ['read'] })
  }
}

/** A constructor that keeps what it constructed. */
export function createFakeSockets() {
  const sockets: FakeSocket[] = []
  const WebSocket = class extends FakeSocket {
    constructor(url: string, protocols?: string) {
      super(url, protocols)
      sockets.push(this)
    }
  }
  const last = () => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('There is no connection.')
    return socket
  }
  return { WebSocket, sockets, last }
}

/** A message of the feed. */
export function newDetails(position: number, fields: Partial<MessageDetails> = {}): MessageDetails {
  const time = '2025-01-09T00:06:41.000Z'
  return {
    ...{
      id: position,
      uid: `uid-${position}`,
      content: `message ${position}`,
      sender: 'alice',
      timestamp: time,
    },
    ...{
      git_hash: null,
      is_synchronized: false,
      created_at: time,
      updated_at: time,
      path: 'messages/x.json',
    },
    ...{ position, sync: { state: 'pending' } },
    ...fields,
  }
}
