import type { Position } from '@gitmsg/store'
import type { ServerFrame, ServerFrameType } from '../http/asyncapi/frame-schemas.js'
import { toPositionText } from '../http/feed-position.js'

/** A frame, encoded once for all connections that get it. */
export interface Frame {
  readonly type: ServerFrameType
  /** As a WebSocket sends it, header included. */
  readonly webSocket: Buffer
  /** The same as an event of an event stream. */
  readonly event: Buffer
}

/** Encodes a frame. `place` is where it leaves the client, if the client can resume there. */
export function encodeFrame(frame: ServerFrame, place?: Position): Frame {
  return toFrame(frame.type, toPayload([Buffer.from(JSON.stringify(frame))]), place)
}

/** The same for a frame that is JSON already. */
export function encodeText(type: ServerFrameType, json: string): Frame {
  return toFrame(type, toPayload([Buffer.from(json)]))
}

const COMMA = Buffer.from(',')
const END = Buffer.from(']}')

/** A frame with encoded messages, and its parts: each message where it is now, without memory of its own. */
export function encodeMessages(
  { epoch, position, after }: Position & { readonly after: number },
  items: readonly { readonly json: Buffer }[],
): { frame: Frame; parts: Buffer[] } {
  const head = Buffer.from(`{"type":"messages","after":${after},"position":${position},"messages":[`)
  const list = items.flatMap(({ json }, index) => (index === 0 ? json : [COMMA, json]))
  const payload = toPayload([head, ...list, END])
  let start = head.length
  const parts = items.map(({ json: { length } }) => {
    const part = payload.json.subarray(start, start + length)
    start += length + COMMA.length
    return part
  })
  return { frame: toFrame('messages', payload, { epoch, position }), parts }
}

interface Payload {
  readonly json: Buffer
  readonly webSocket: Buffer
}

function toFrame(type: ServerFrameType, { json, webSocket }: Payload, place?: Position): Frame {
  let event: Buffer | undefined
  return {
    type,
    webSocket,
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

/** The longest header of a frame that a server sends: RFC 6455, section 5.2. */
const MAX_HEADER_BYTES = 10
const HEADER_ROOM = Buffer.alloc(MAX_HEADER_BYTES)
/** One frame is the whole message, and it is text. */
const FINAL_TEXT = 0x81
const MAX_LENGTH_IN_7_BITS = 125
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

function toPayload(parts: readonly Buffer[]): Payload {
  const buffer = Buffer.concat([HEADER_ROOM, ...parts])
  const json = buffer.subarray(MAX_HEADER_BYTES)
  return { json, webSocket: buffer.subarray(writeHeader(buffer, json.length)) }
}

/** Writes the header right before the payload, and returns where it starts. */
function writeHeader(buffer: Buffer, length: number): number {
  if (length <= MAX_LENGTH_IN_7_BITS) {
    buffer[MAX_HEADER_BYTES - 1] = length
    buffer[MAX_HEADER_BYTES - 2] = FINAL_TEXT
    return MAX_HEADER_BYTES - 2
  }
  if (length <= 0xffff) {
    buffer.writeUInt16BE(length, MAX_HEADER_BYTES - 2)
    buffer[MAX_HEADER_BYTES - 3] = LENGTH_IN_16_BITS
    buffer[MAX_HEADER_BYTES - 4] = FINAL_TEXT
    return MAX_HEADER_BYTES - 4
  }
  buffer.writeBigUInt64BE(BigInt(length), MAX_HEADER_BYTES - 8)
  buffer[1] = LENGTH_IN_64_BITS
  buffer[0] = FINAL_TEXT
  return 0
}
