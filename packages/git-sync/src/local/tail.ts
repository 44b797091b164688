/** Keeps the end of a text that may be endless. */
export function createTail(maxBytes: number) {
  let chunks: Buffer[] = []
  let bytes = 0
  return {
    push(chunk: Buffer): void {
      chunks.push(chunk)
      bytes += chunk.byteLength
      // Trimmed only now and then, so that a flood of small writes costs little.
      if (bytes > 2 * maxBytes) {
        chunks = [Buffer.concat(chunks).subarray(-maxBytes)]
        bytes = maxBytes
      }
    },
    text: (): string => Buffer.concat(chunks).subarray(-maxBytes).toString(),
  }
}
