import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { expectDescribed } from './described-frames.js'
import { createInbox, type Inbox } from './inbox.js'

/** An open event stream. */
export interface EventStream extends Inbox {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The `id` of the last event that had one. */
  readonly lastId: () => string
  readonly comments: () => number
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<unknown>
  close(): void
}

/** Opens an event stream, and expects every frame to be described. */
export async function openEvents(
  url: string,
  { path = '/live', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<EventStream> {
  const outgoing = request(new URL(url), {
    path,
    headers: { accept: 'text/event-stream', ...headers },
    agent: false,
  })
  outgoing.on('error', () => {})
  outgoing.end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const inbox = createInbox()
  let lastId = ''
  let comments = 0
  let text = ''
  response.setEncoding('utf8').on('error', () => {})
  response.on('data', (chunk: string) => {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) receive(block)
  })

  function receive(block: string): void {
    const fields = new Map(block.split('\n').map((line) => splitField(line)))
    if (fields.has('')) comments += 1
    const data = fields.get('data')
    if (data === undefined) return
    const frame = JSON.parse(data)
    if (frame.type !== fields.get('event')) throw new Error('the event has another type than its frame')
    expectDescribed(frame)
    lastId = fields.get('id') ?? lastId
    inbox.add(frame)
  }

  return {
    ...inbox,
    status: response.statusCode ?? 0,
    headers: response.headers,
    lastId: () => lastId,
    comments: () => comments,
    ended: once(response, 'close'),
    close: () => void response.destroy(),
  }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
}
