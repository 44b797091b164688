/** Keeps the end of a text that may be endless, in whole lines: half of a secret could not be told from a word. */
export function createTail(maxBytes: number) {
  let chunks: Buffer[] = []
  let bytes = 0
  let isCut = false

  const cut = (): void => {
    chunks = [Buffer.concat(chunks).subarray(-maxBytes)]
    bytes = maxBytes
    isCut = true
  }

  return {
    push(chunk: Buffer): void {
      chunks.push(chunk)
      bytes += chunk.byteLength
      // Trimmed only now and then, so that a flood of small writes costs little.
      if (bytes > 2 * maxBytes) cut()
    },
    /** The end; of a text that was longer, nothing before the first line end in it, and nothing where it has none. */
    text(): string {
      if (bytes > maxBytes) cut()
      const text = Buffer.concat(chunks).toString()
      return isCut ? text.replace(/^[^\n]*(?:\n|$)/, '') : text
    },
  }
}
