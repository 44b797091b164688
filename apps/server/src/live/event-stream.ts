import { parseQueryString } from '@gitmsg/core'
import type { Position } from '@gitmsg/store'
import type { Context } from 'koa'
import { problem } from '../http/errors.js'
import { liveQuery, MAX_TOPIC_LENGTH, parsePosition } from '../http/feed-position.js'
import { type Filter, toFilter } from './batch.js'
import type { Connection, Transport } from './connection.js'

export const EVENT_STREAM = 'text/event-stream'

const NORMAL_CLOSE = 1000
const COMMENT = ':\n\n'

/** Where a client wants to begin, and with what. */
export interface EventStreamRequest {
  readonly after: Position | null
  readonly filter: Filter | null
}

/** @throws {HttpError} `invalid_query`, `invalid_cursor`, `invalid_header` */
export function parseEventStreamRequest({ querystring, req }: Context): EventStreamRequest {
  const { after, topic, ...unknown } = parseQueryString(querystring, liveQuery)
  const [field] = Object.keys(unknown)
  if (field !== undefined) throw problem('invalid_query', { message: 'A query parameter is unknown.', field })
  if (topic !== undefined && (topic === '' || topic.length > MAX_TOPIC_LENGTH)) {
    throw problem('invalid_query', { message: 'The topic must have 1 to 64 characters.', field: 'topic' })
  }
  const resumed = readLastEventId(req.headers['last-event-id'])
  return {
    after: resumed ?? (after === undefined ? null : parsePosition(after)),
    filter: topic === undefined ? null : toFilter([topic]),
  }
}

/** Browsers send an empty one, or none, before the first event with an id. */
function readLastEventId(text: string | string[] | undefined): Position | null {
  if (text === undefined || text === '') return null
  try {
    return parsePosition(String(text))
  } catch {
    throw problem('invalid_header', { message: 'Last-Event-ID must be a position: EPOCH:NUMBER.' })
  }
}

/** Responds with an event stream, to which `connect` adds frames. `onClose` is called with a close code at its end. */
export function openEventStream(
  context: Context,
  {
    connect,
    onClose,
  }: {
    connect: (transport: Transport) => Connection
    onClose: (connection: Connection, code: number) => void
  },
): Connection {
  const { res: response } = context
  let code = NORMAL_CLOSE
  context.status = 200
  context.set({ 'Content-Type': EVENT_STREAM, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  context.respond = false
  response.flushHeaders()
  const connection = connect({
    send: ({ event }, onSent) => void response.write(event, onSent),
    get unsentBytes() {
      return response.writableLength
    },
    get heardAt() {
      // Clients of an event stream never send anything.
      return performance.now()
    },
    ping: () => void response.write(COMMENT),
    close(closeCode, _reason, lingerMs) {
      code = closeCode
      response.end()
      const timer = setTimeout(() => response.destroy(), lingerMs)
      response.once('close', () => clearTimeout(timer))
    },
    destroy: () => void response.destroy(),
  })
  response.on('error', () => {})
  response.once('close', () => onClose(connection, code))
  return connection
}
