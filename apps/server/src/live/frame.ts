import type { Position } from '@gitmsg/store'
import { toPositionText } from '../http/feed-position.js'
import type { ServerFrame, ServerFrameType } from './frame-schemas.js'

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
  return encodeJson(frame.type, JSON.stringify(frame), place)
}

/** The same for a frame that is JSON already. */
export function encodeJson(type: ServerFrameType, text: string, place?: Position): Frame {
  let event: Buffer | undefined
  return {
    type,
    json: Buffer.from(text),
    get event() {
      // Most connections are WebSockets.
      event ??= Buffer.from(
        `event: ${type}\n${place ? `id: ${toPositionText(place)}\n` : ''}data: ${text}\n\n`,
      )
      return event
    },
  }
}
