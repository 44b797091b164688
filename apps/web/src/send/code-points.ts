/** How many Unicode code points the text has: what the API's limits count. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** The API's limit on content, in code points. */
const CONTENT_LIMIT = 32_768

const WORTH_SHOWING = CONTENT_LIMIT * 0.9

/** What to say about the length of the content: nothing while the limit is far. */
export function describeLength(content: string): { text: string; tooLong: boolean } | null {
  // A text never has more code points than UTF-16 units: most need no counting.
  if (content.length < WORTH_SHOWING) return null
  const count = countCodePoints(content)
  if (count < WORTH_SHOWING) return null
  const text = `${count.toLocaleString('en')} of ${CONTENT_LIMIT.toLocaleString('en')} characters`
  return { text, tooLong: count > CONTENT_LIMIT }
}
