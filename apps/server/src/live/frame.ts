import type { Position } from '@gitmsg/store'
import type { ServerFrame, ServerFrameType } from '../http/asyncapi/frame-schemas.js'
import { toPositionText } from '../http/feed-position.js'

/** A frame, encoded once for all connections that get it. */
export interface Frame {
  readonly type: ServerFrameType
  /** For a WebSocket. */
  readonly json: Buffer
  /** The same as an event of an event stream. */
  readonly event: Buffer
}

/** Encodes a frame. `place` is where it leaves the client, if the client can resume there. */
export function encodeFrame(frame: ServerFrame, place?: Position): Frame {
  return toFrame(frame.type, Buffer.from(JSON.stringify(frame)), place)
}

/** The same for a frame that is encoded as JSON already. */
export function toFrame(type: ServerFrameType, json: Buffer, place?: Position): Frame {
  let event: Buffer | undefined
  return {
    type,
    json,
    get event() {
      // Most connections are WebSockets.
      event ??= Buffer.concat([Buffer.from(headOf(type, place)), json, Buffer.from('\n\n')])
      return event
    },
  }
}

function headOf(type: ServerFrameType, place: Position | undefined): string {
  return `event: ${type}\n${place ? `id: ${toPositionText(place)}\n` : ''}data: `
}

const COMMA = Buffer.from(',')
const END = Buffer.from(']}')

/** The JSON of a frame with encoded messages, and its parts: each message where it is now, without memory of its own. */
export function encodeMessages(
  after: number,
  position: number,
  items: readonly { readonly json: Buffer }[],
): { json: Buffer; parts: Buffer[] } {
  const head = Buffer.from(`{"type":"messages","after":${after},"position":${position},"messages":[`)
  const list = items.flatMap(({ json }, index) => (index === 0 ? json : [COMMA, json]))
  const json = Buffer.concat([head, ...list, END])
  let start = head.length
  const parts = items.map(({ json: { length } }) => {
    const part = json.subarray(start, start + length)
    start += length + COMMA.length
    return part
  })
  return { json, parts }
}
