import type { StoredMessage } from '@gitmsg/store'
import { z } from 'zod'
import { ValidationError } from '../validation-error.js'
import { contentProblem, senderProblem } from './text-rules.js'
import { normalizeTimestamp } from './timestamp.js'

/** The fields of a message file, in the order in which they are written. */
export type MessageFile = Pick<
  StoredMessage,
  'uid' | 'id' | 'sender' | 'content' | 'timestamp' | 'created_at' | 'updated_at'
>

/** The folder of all message files. */
export const MESSAGES_FOLDER = 'messages'

/** No message file is larger: every character of the content escaped (six bytes each), plus the other fields. */
export const MAX_MESSAGE_FILE_BYTES = 256 * 1024
/** Only larger files are checked before they are parsed, for the sake of the reasons. */
const SMALL_FILE_BYTES = 4 * 1024
const BEGINNING = Buffer.from('{\n  "uid": "')
/** Seven strings and numbers, one a line. Parsed, anything else may take 100 times the memory of the file. */
const FLAT_OBJECT = /^\{\n(?: {2}"\w+": (?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\d+),?\n){7}\}\n$/

const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const UID_OF_PATH = /\/([0-9a-f-]{36})\.json$/

/**
 * The path of a message's file, e.g. `messages/00/01/23/<uid>.json` for id 12345. The folders come from the id, so
 * that none holds more than 100 files of one server; the name is the uid, which no two messages share.
 *
 * @throws {ValidationError} `invalid-id` for anything else, which could lead out of the folder
 */
export function messagePath(id: number, uid: string): string {
  if (!Number.isSafeInteger(id) || id < 1 || !UID.test(uid)) {
    throw new ValidationError('invalid-id', 'A path needs the id and the uid of a message.')
  }
  // Ids of nine digits and more keep all of them: the first folder grows, the last still holds 100 files.
  const digits = String(id).padStart(8, '0')
  const folders = [digits.slice(0, -6), digits.slice(-6, -4), digits.slice(-4, -2)]
  return `${MESSAGES_FOLDER}/${folders.join('/')}/${uid}.json`
}

/** The uid in a path, even if the file is not a message; `null` if there is none. */
export const uidOfPath = (path: string): string | null => UID_OF_PATH.exec(path)?.[1] ?? null

/** The text of a message's file: the same bytes every time for the same message. */
export function encodeMessageFile(message: Omit<StoredMessage, 'id'>): string {
  const { uid, origin_id, sender, content, timestamp, created_at, updated_at } = message
  return encode({ uid, id: origin_id, sender, content, timestamp, created_at, updated_at })
}

/** Whether these bytes are the message's file. */
export const isFileOf = (message: StoredMessage, content: Uint8Array): boolean =>
  Buffer.compare(Buffer.from(encodeMessageFile(message)), content) === 0

function encode({ uid, id, sender, content, timestamp, created_at, updated_at }: MessageFile): string {
  return `${JSON.stringify({ uid, id, sender, content, timestamp, created_at, updated_at }, null, 2)}\n`
}

const time = z.string().refine((text) => normalizeTimestamp(text) === text)
const schema = z.strictObject({
  uid: z.uuid().refine((uid) => uid === uid.toLowerCase()),
  id: z.int().positive(),
  sender: z.string().refine((sender) => senderProblem(sender) === null),
  content: z.string().refine((content) => contentProblem(content) === null),
  timestamp: time,
  created_at: time,
  updated_at: time,
})

const NOT_CANONICAL = 'not in the canonical form of format version 1'
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a file from the branch, which may be anything.
 *
 * @returns the message, or a phrase for the log that says why the file is not a message of format version 1
 */
export function decodeMessageFile(path: string, content: Uint8Array): MessageFile | string {
  let text: string
  let json: unknown
  const isLarge = content.byteLength > SMALL_FILE_BYTES
  if (isLarge && Buffer.compare(content.subarray(0, BEGINNING.length), BEGINNING) !== 0) return NOT_CANONICAL
  try {
    text = decoder.decode(content)
    if (isLarge && !FLAT_OBJECT.test(text)) return NOT_CANONICAL
    json = JSON.parse(text)
  } catch {
    return 'not JSON in UTF-8'
  }
  const result = schema.safeParse(json)
  if (!result.success) return `invalid ${result.error.issues[0]?.path.join('.') || 'shape'}`
  if (encode(result.data) !== text) return NOT_CANONICAL
  if (messagePath(result.data.id, result.data.uid) !== path) return 'path does not match id and uid'
  return result.data
}
