import type { MessageDetails, Position, SyncStatus } from '../api/types.js'
import { ClientError } from '../client-error.js'

/** The version of the protocol. */
export const SUBPROTOCOL = 'gitmsg.live.v1'

/** Why the server cannot go on from the client's position. */
export type ResetReason = 'epoch_changed' | 'position_ahead' | 'too_far'

/** What the server sends. Frames of other types are ignored. */
export type ServerFrame =
  | (Position & { readonly type: 'welcome' })
  | {
      readonly type: 'messages'
      readonly after: number
      readonly position: number
      readonly messages: readonly MessageDetails[]
    }
  | { readonly type: 'sync'; readonly status: SyncStatus }
  | (Position & { readonly type: 'reset'; readonly reason: ResetReason })
  | { readonly type: 'beat'; readonly position: number }
  | { readonly type: 'error'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly type: 'bye'; readonly retry_after_ms: number }

const isPlace = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

type Fields = Readonly<Record<string, unknown>>

const isMessage = (value: unknown): boolean => {
  const { uid, id, position } = (value ?? {}) as Fields
  return typeof uid === 'string' && isPlace(id) && isPlace(position)
}

/** What each frame must have, so that nothing else is ever applied. */
const CHECKS: Readonly<Record<string, (frame: Fields) => boolean>> = {
  welcome: ({ epoch, position }) => typeof epoch === 'string' && isPlace(position),
  reset: ({ epoch, position }) => typeof epoch === 'string' && isPlace(position),
  messages: ({ after, position, messages }) =>
    isPlace(after) && isPlace(position) && Array.isArray(messages) && messages.every(isMessage),
  sync: ({ status }) => isObject(status),
  beat: ({ position }) => isPlace(position),
  error: ({ error }) => isObject(error),
  bye: ({ retry_after_ms }) => isPlace(retry_after_ms),
}

/**
 * Reads a frame; null if it is of a type that this version does not know.
 *
 * @throws {ClientError} `invalid-response`
 */
export function parseFrame(data: unknown): ServerFrame | null {
  let frame: unknown
  try {
    frame = typeof data === 'string' ? JSON.parse(data) : undefined
  } catch {
    // It is not JSON.
  }
  if (!isObject(frame)) throw new ClientError('invalid-response', 'A frame is not a JSON object.')
  const check = CHECKS[String((frame as Fields).type)]
  if (!check) return null
  if (!check(frame as Fields)) throw new ClientError('invalid-response', 'A frame lacks a field.')
  return frame as ServerFrame
}
