import type { StoredMessage } from '@gitmsg/store'
import { z } from 'zod'
import { contentProblem, senderProblem } from './text-rules.js'
import { normalizeTimestamp } from './timestamp.js'
import { messagePath } from './message-path.js'

/** What a message file holds, in the order in which it holds it. */
export type MessageFile = Pick<
  StoredMessage,
  'uid' | 'id' | 'sender' | 'content' | 'timestamp' | 'created_at' | 'updated_at'
>

/** The largest file that can be a message: every character of the content escaped, and room for the rest. */
export const MAX_MESSAGE_FILE_BYTES = 512 * 1024

/** A message's file: the same bytes every time for the same message. */
export function encodeMessageFile(message: Omit<StoredMessage, 'id'>): string {
  const { uid, origin_id, sender, content, timestamp, created_at, updated_at } = message
  return encode({ uid, id: origin_id, sender, content, timestamp, created_at, updated_at })
}

/** Whether these are the bytes of the message's file. */
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

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a file that came from the branch, which may be anything.
 *
 * @returns the message, or in one sentence for the log why it is not one of version 1
 */
export function decodeMessageFile(path: string, content: Uint8Array): MessageFile | string {
  let text: string
  let json: unknown
  try {
    text = decoder.decode(content)
    json = JSON.parse(text)
  } catch {
    return 'it is not JSON in UTF-8'
  }
  const result = schema.safeParse(json)
  if (!result.success) return `its ${result.error.issues[0]?.path.join('.') || 'shape'} is not valid`
  if (encode(result.data) !== text) return 'it is not written in the form of version 1'
  if (messagePath(result.data.id, result.data.uid) !== path)
    return 'its path does not follow from its id and uid'
  return result.data
}
