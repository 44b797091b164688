const STORAGE_KEY = 'gitmsg.sender'

/** The API's limit on the content of a message. */
const MAX_CONTENT_CODE_POINTS = 32_768

/** The length is shown from here on. */
const SHOW_LENGTH_FROM_CODE_POINTS = MAX_CONTENT_CODE_POINTS * 0.9

/** The number of Unicode code points in the text: the unit of the API's limits. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** The length of the content in words, or `null` while it is far from the limit. */
export function describeLength(content: string): { text: string; tooLong: boolean } | null {
  // A text never has more code points than UTF-16 units, so most texts need no counting.
  if (content.length < SHOW_LENGTH_FROM_CODE_POINTS) return null
  const count = countCodePoints(content)
  if (count < SHOW_LENGTH_FROM_CODE_POINTS) return null
  const text = `${count.toLocaleString('en')} of ${MAX_CONTENT_CODE_POINTS.toLocaleString('en')} characters`
  return { text, tooLong: count > MAX_CONTENT_CODE_POINTS }
}

/** The sender of the previous visit; empty if there is none or the browser forbids storage. */
export function loadSender(): string {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? ''
  } catch {
    return ''
  }
}

/** Stores the sender for the next visit if the browser allows it. */
export function saveSender(sender: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, sender)
  } catch {
    // Losing a remembered name is not worth an error message.
  }
}
