import { ValidationError } from '../validation-error.js'

const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The folder of all message files. */
export const MESSAGES_FOLDER = 'messages'

/**
 * Where a message's file lives, e.g. id 12345 in `messages/00/01/23/<uid>.json`: the folders come from the
 * id, so that none holds more than 100 files of one server; the name is the uid, which no two messages share.
 *
 * @throws {ValidationError} `invalid-id` for anything else, which could lead out of the folder
 */
export function messagePath(id: number, uid: string): string {
  if (!Number.isSafeInteger(id) || id < 1 || !UID.test(uid)) {
    throw new ValidationError('invalid-id', 'A path needs the id and the uid of a message.')
  }
  // Ids of nine digits and more keep all of them: the first folder grows, the last still holds 100.
  const digits = String(id).padStart(8, '0')
  const folders = [digits.slice(0, -6), digits.slice(-6, -4), digits.slice(-4, -2)]
  return `${MESSAGES_FOLDER}/${folders.join('/')}/${uid}.json`
}

const UID_OF_PATH = /\/([0-9a-f-]{36})\.json$/

/** The uid that a path speaks of, also where the file itself is not a message; `null` where it speaks of none. */
export const uidOfPath = (path: string): string | null => UID_OF_PATH.exec(path)?.[1] ?? null
