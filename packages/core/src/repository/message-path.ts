/** The folder of all message files. */
export const MESSAGES_FOLDER = 'messages'

/**
 * Where a message's file lives, e.g. id 12345 in `messages/00/01/23/<uid>.json`: the folders come from the
 * id, so that none holds more than 100 files of one server; the name is the uid, which no two messages share.
 */
export function messagePath(id: number, uid: string): string {
  // Ids of nine digits and more keep all of them: the first folder grows, the last still holds 100.
  const digits = String(id).padStart(8, '0')
  const folders = [digits.slice(0, -6), digits.slice(-6, -4), digits.slice(-4, -2)]
  return `${MESSAGES_FOLDER}/${folders.join('/')}/${uid}.json`
}
