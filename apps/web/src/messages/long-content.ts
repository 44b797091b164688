const LONG_LINES = 10
const LONG_LENGTH = 800

/** Whether a message is so long that the list shows only its beginning until asked for all. */
export function isLong(content: string): boolean {
  return content.length > LONG_LENGTH || content.split('\n', LONG_LINES + 1).length > LONG_LINES
}
