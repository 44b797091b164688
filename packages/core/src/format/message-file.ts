import type { MessageFormat, MessageIdentity, StoredMessage, VersionFields } from '@gitmsg/store'
import { z } from 'zod'
import { ValidationError } from '../validation-error.js'
import { contentProblem, isReactionContent, nameProblem } from './text-rules.js'
import { normalizeTimestamp } from './timestamp.js'

/** A version of a message as its file has it. A tombstone has no content: it is empty here, and `deleted_at` is set. */
export type MessageFile = Omit<MessageIdentity, 'path' | 'origin_id'> &
  VersionFields &
  Pick<StoredMessage, 'id' | 'deleted_at'>

/** The folder of all message files. */
export const MESSAGES_FOLDER = 'messages'

/** No message file is larger: every character of the content escaped (six bytes each), plus the other fields. */
export const MAX_MESSAGE_FILE_BYTES = 256 * 1024
/** Only larger files are checked before they are parsed, for the sake of the reasons. */
const SMALL_FILE_BYTES = 4 * 1024
const BEGINNING = Buffer.from('{\n  "uid": "')
/** Strings, numbers and `true`, one a line. Parsed, anything else may take 100 times the memory of the file. */
const FLAT_OBJECT = /^\{\n(?: {2}"\w+": (?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\d+|true),?\n){7,13}\}\n$/

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

/**
 * The text of a message's file: the same bytes every time for the same version. What is at its default is left out, so
 * that a plain message has the bytes of format version 1.
 */
export function encodeMessageFile(
  message: Omit<MessageFile, 'id'> & Pick<StoredMessage, 'origin_id'>,
): string {
  return encode({ ...message, id: message.origin_id })
}

/** Whether these bytes are the message's file in this version. */
export const isFileOf = (message: StoredMessage, content: Uint8Array): boolean =>
  Buffer.compare(Buffer.from(encodeMessageFile(message)), content) === 0

/** Whether a repository needs format version 2 for this version of a message. */
export const needsVersion2 = ({
  version,
  topic,
  reply_to,
  format,
}: Pick<StoredMessage, 'version' | 'topic' | 'reply_to' | 'format'>): boolean =>
  version > 1 || topic !== null || reply_to !== null || format !== 'plain'

function encode(message: MessageFile): string {
  const { uid, id, version, sender, topic, reply_to, format, content, deleted_at } = message
  const { timestamp, created_at, updated_at, updated_by } = message
  const isDeleted = deleted_at !== null
  const file: EncodedFile = {
    uid,
    id,
    ...(version > 1 && { version }),
    sender,
    ...(topic !== null && { topic }),
    ...(reply_to !== null && { reply_to }),
    ...(!isDeleted && format !== 'plain' && { format }),
    ...(isDeleted ? { deleted: true } : { content }),
    timestamp,
    created_at,
    updated_at,
    ...(updated_by !== null && { updated_by }),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

const uid = z.uuid().refine((text) => text === text.toLowerCase())
const name = z.string().refine((text) => nameProblem(text) === null)
const time = z.string().refine((text) => normalizeTimestamp(text) === text)

/** The keys in the order in which they are written. */
const schema = z.strictObject({
  uid,
  id: z.int().positive(),
  version: z.int().min(2).optional(),
  sender: name,
  topic: name.optional(),
  reply_to: uid.optional(),
  format: z.enum(['markdown', 'reaction']).optional(),
  content: z
    .string()
    .refine((content) => contentProblem(content) === null)
    .optional(),
  deleted: z.literal(true).optional(),
  timestamp: time,
  created_at: time,
  updated_at: time,
  updated_by: name.optional(),
})

type EncodedFile = z.infer<typeof schema>

const NOT_CANONICAL = 'not in the canonical form'
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a file from the branch, which may be anything.
 *
 * @returns the message, or a phrase for the log that says why the file is not a message of format version 1 or 2
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
  const problem = shapeProblem(result.data)
  if (problem) return problem
  const message = toMessageFile(result.data)
  if (encode(message) !== text) return NOT_CANONICAL
  if (messagePath(message.id, message.uid) !== path) return 'path does not match id and uid'
  return message
}

/** What the keys must be together. */
function shapeProblem({ version, deleted, content, format, reply_to }: EncodedFile): string | null {
  if (deleted) {
    const isTombstone = version !== undefined && content === undefined && format === undefined
    return isTombstone ? null : 'invalid deleted'
  }
  if (content === undefined) return 'invalid content'
  const isReaction = format === 'reaction'
  return !isReaction || (reply_to !== undefined && isReactionContent(content)) ? null : 'invalid format'
}

function toMessageFile(file: EncodedFile): MessageFile {
  const { version = 1, topic = null, reply_to = null, content = '' } = file
  const format: MessageFormat = file.format ?? 'plain'
  const { uid, id, sender, timestamp, created_at, updated_at, updated_by = null, deleted } = file
  const fields = { uid, id, version, sender, topic, reply_to, format, content, timestamp, created_at }
  return { ...fields, updated_at, updated_by, deleted_at: deleted ? updated_at : null }
}
