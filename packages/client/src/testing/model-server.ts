import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Message, MessageDetails, NewMessage } from '../index.js'

/** What a connection does with a frame that the server sends. */
export type Fault = 'none' | 'drop' | 'duplicate' | 'swap' | 'cut' | 'garble'

interface Reader {
  readonly socket: WebSocket
  readonly topics: readonly string[] | null
  /** The end of the chain of frames that the reader was sent. */
  cursor: number
  held: string | null
}

type Row = MessageDetails & { readonly pastTopics: readonly (string | undefined)[] }

/** How far a reader may be behind. */
const TOO_FAR = 40
const MAX_FRAME = 3

/**
 * The messages, the pages and the live channel of a server, small enough to be obviously right, with connections that
 * lose, repeat, swap, garble and end frames as a test wants.
 */
export async function openModelServer(fault: () => Fault = () => 'none') {
  let epoch = 'e1'
  let position = 0
  let rows = new Map<number, Row>()
  let isListed = true
  const readers = new Set<Reader>()
  const requests: string[] = []
  const hellos: Record<string, unknown>[] = []
  const injected: Fault[] = []
  const keys = new Map<string, number>()

  const http = createServer(respond)
  const sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (data) => greet(ws, JSON.parse(String(data))))
      ws.on('close', () => forget(ws))
      ws.on('error', () => {})
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')

  function forget(socket: WebSocket): void {
    for (const reader of readers) if (reader.socket === socket) readers.delete(reader)
  }

  function greet(socket: WebSocket, hello: Record<string, unknown>): void {
    hellos.push(hello)
    const { after, topics = null } = hello as {
      after?: { epoch: string; position: number }
      topics?: string[]
    }
    forget(socket)
    const changed = after ? [...rows.values()].filter((row) => row.position > after.position).length : 0
    const reason =
      after && (after.epoch !== epoch ? 'epoch_changed' : after.position > position ? 'position_ahead' : null)
    const reset = reason ?? (changed > TOO_FAR ? 'too_far' : null)
    const cursor = after && !reset ? after.position : position
    socket.send(JSON.stringify({ type: 'welcome', epoch, position: cursor, heartbeat_seconds: 25 }))
    if (reset) socket.send(JSON.stringify({ type: 'reset', epoch, position, reason: reset }))
    readers.add({ socket, topics, cursor, held: null })
    flush()
  }

  /** Sends every reader what it has not been sent. */
  function flush(): void {
    for (const reader of readers) {
      while (reader.cursor < position && readers.has(reader)) {
        const changed = [...rows.values()]
          .filter((row) => row.position > reader.cursor)
          .sort((one, other) => one.position - other.position)
        const part = changed.slice(0, MAX_FRAME)
        const end = changed.length > MAX_FRAME ? (part.at(-1)?.position ?? position) : position
        const { topics } = reader
        const isWanted = ({ topic, pastTopics }: Row) =>
          !topics || [topic, ...pastTopics].some((one) => one !== undefined && topics.includes(one))
        const messages = part.filter(isWanted).map(toDetails)
        const frame = { type: 'messages', after: reader.cursor, position: end, messages }
        reader.cursor = end
        deliver(reader, JSON.stringify(frame))
      }
    }
  }

  function deliver(reader: Reader, frame: string): void {
    const chosen = fault()
    if (chosen !== 'none') injected.push(chosen)
    const { socket, held } = reader
    if (chosen === 'swap' && held === null) {
      reader.held = frame
      return
    }
    if (chosen !== 'drop') socket.send(chosen === 'garble' ? frame.slice(0, -9) : frame)
    if (chosen === 'duplicate') socket.send(frame)
    if (held !== null) socket.send(held)
    reader.held = null
    if (chosen === 'cut') socket.terminate()
  }

  function change(id: number, next: Partial<Row>): void {
    const row = rows.get(id)
    if (!row) return
    position += 1
    rows.set(id, { ...row, ...next, position, pastTopics: [...row.pastTopics, row.topic] })
    flush()
  }

  function post({ content, sender, topic, format }: NewMessage): number {
    position += 1
    const id = Math.max(0, ...rows.keys()) + 1
    const time = new Date(1_700_000_000_000 + position).toISOString()
    rows.set(id, {
      ...{
        id,
        uid: `${epoch}-${id}`,
        content,
        sender,
        timestamp: time,
        git_hash: null,
        is_synchronized: false,
      },
      ...{ created_at: time, updated_at: time, path: `messages/${id}.json`, position },
      ...{ sync: { state: 'pending' }, pastTopics: [] },
      ...(topic !== undefined && { topic }),
      ...(format === 'reaction' && { format }),
    })
    flush()
    return id
  }

  function list(parameters: URLSearchParams): { page: Message[]; next: string | null } {
    const before = Number(parameters.get('before') ?? Number.POSITIVE_INFINITY)
    const limit = Number(parameters.get('limit') ?? 50)
    const topic = parameters.get('topic')
    const matching = [...rows.values()]
      .filter((row) => !row.deleted && row.format !== 'reaction' && row.id < before)
      .filter((row) => topic === null || row.topic === topic)
      .sort((one, other) => other.id - one.id)
    const page = matching.slice(0, limit).map(toListed)
    if (matching.length <= limit) return { page, next: null }
    const next = new URLSearchParams(parameters)
    next.set('before', String(page.at(-1)?.id))
    return { page, next: `<?${next}>; rel="next"` }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    requests.push(`${request.method} ${url.pathname}${url.search}`)
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (!isListed) {
      send(503, { status: 'error', error: { code: 'storage_busy', message: 'Busy.' } })
    } else if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const message = JSON.parse(String(Buffer.concat(chunks))) as NewMessage
      const key = String(request.headers['idempotency-key'])
      if (!keys.has(key)) keys.set(key, post(message))
      send(201, { status: 'success', message_id: keys.get(key) })
    } else if (url.pathname === '/changes') {
      const after = Number(url.searchParams.get('after')?.split(':')[1] ?? 0)
      const changed = [...rows.values()].filter((row) => row.position > after)
      const messages = changed
        .sort((one, other) => one.position - other.position)
        .slice(0, 7)
        .map(toDetails)
      send(200, { epoch, position: messages.at(-1)?.position ?? after, messages })
    } else {
      const header = `${epoch}:${position}`
      const { page, next } = list(url.searchParams)
      // A page is sent late, so that changes overtake it.
      await new Promise((resolve) => setTimeout(resolve, 2))
      send(200, page, { 'Gitmsg-Position': header, ...(next && { Link: next }) })
    }
  }

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    hellos,
    injected,
    readers,
    post,
    edit: (id: number, content: string) => change(id, { content, version: 2 }),
    move: (id: number, topic: string) => change(id, { topic }),
    settle: (id: number) => change(id, { git_hash: 'a'.repeat(40), is_synchronized: true }),
    remove: (id: number) => change(id, { content: null, deleted: true }),
    ids: () => [...rows.keys()],
    messages: (topics: readonly string[] | null = null) =>
      list(new URLSearchParams({ limit: '100000' })).page.filter(
        ({ topic }) => !topics || (topic !== undefined && topics.includes(topic)),
      ),
    position: () => ({ epoch, position }),
    setListed(value: boolean) {
      isListed = value
    },
    /** What a reader notices that has missed the last frame. */
    beat() {
      for (const { socket } of readers) socket.send(JSON.stringify({ type: 'beat', position }))
    },
    send(frame: object) {
      for (const { socket } of readers) socket.send(JSON.stringify(frame))
    },
    /** Ends every connection, as a server does that is killed. */
    cut() {
      for (const { socket } of readers) socket.terminate()
      readers.clear()
    },
    closeSockets(code: number) {
      for (const { socket } of readers) socket.close(code)
    },
    /** Begins another history, with these messages of the old one under new ids. */
    restore(kept: readonly number[]) {
      const old = kept.flatMap((id) => rows.get(id) ?? [])
      epoch = `e${Number(epoch.slice(1)) + 1}`
      rows = new Map()
      position = 0
      for (const row of old) {
        position += 1
        rows.set(rows.size + 1, { ...row, id: rows.size + 1, position })
      }
      for (const { socket } of readers) socket.terminate()
      readers.clear()
    },
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function toDetails({ pastTopics, ...row }: Row): MessageDetails {
  return row
}

function toListed({ pastTopics, path, position, sync, ...message }: Row): Message {
  return message
}
