/** The limit of a request's body: no longer text can be accepted. */
const MAX_TEXT_BYTES = 64 * 1024
const FINAL_LINE_BREAK = /\r?\n$/

/** What the help of a command says about its text. */
export const TEXT_HELP = 'the text; default: standard input as it is, without one final line break'

/**
 * Returns the text that was given as an argument, else the input without one final line break.
 *
 * @throws {Error} if the input is over 64 KiB, which is not read to its end, or is not UTF-8
 */
export async function readText(
  argument: string | undefined,
  input: AsyncIterable<Uint8Array>,
): Promise<string> {
  if (argument !== undefined) return argument
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > MAX_TEXT_BYTES) throw new Error('standard input has more than 64 KiB')
    chunks.push(chunk)
  }
  return decode(Buffer.concat(chunks)).replace(FINAL_LINE_BREAK, '')
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Error('standard input is not valid UTF-8')
  }
}
