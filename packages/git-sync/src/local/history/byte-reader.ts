import { Readable } from 'node:stream'
import { GitSyncError } from '../../git-sync-error.js'

/** Reads a stream in pieces of any length; the stream is paused between reads. */
export interface ByteReader {
  /**
   * The bytes up to the delimiter, without it; `null` at the end of the stream. Throws `misconfigured` for more than
   * `maxBytes`.
   */
  until(delimiter: number, maxBytes?: number): Promise<Buffer | null>
  /** Exactly `count` bytes. */
  take(count: number): Promise<Buffer>
  /** Discards `count` bytes. */
  skip(count: number): Promise<void>
}

/** A reader of the chunks, which must have no other. Throws `unavailable` if the stream ends within a piece. */
export function createByteReader(stream: AsyncIterable<Buffer>): ByteReader {
  // Node.js discards what a child that has exited printed, unless something listens already.
  if (stream instanceof Readable) stream.on('readable', () => {})
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  const readChunk = async (): Promise<boolean> => {
    const { done, value } = await chunks.next()
    rest = done ? Buffer.alloc(0) : value
    return !done
  }
  const endedEarly = () => new GitSyncError('unavailable', 'git output ended unexpectedly')

  const consume = async (count: number, onPiece: (piece: Buffer) => void): Promise<void> => {
    let missing = count
    while (missing > 0) {
      if (rest.byteLength === 0 && !(await readChunk())) throw endedEarly()
      const piece = rest.subarray(0, missing)
      rest = rest.subarray(piece.byteLength)
      missing -= piece.byteLength
      onPiece(piece)
    }
  }

  return {
    async until(delimiter, maxBytes = Number.POSITIVE_INFINITY) {
      const pieces: Buffer[] = []
      let bytes = 0
      for (;;) {
        const end = rest.indexOf(delimiter)
        bytes += end >= 0 ? end : rest.byteLength
        if (bytes > maxBytes) {
          throw new GitSyncError(
            'misconfigured',
            `the branch has a path of over ${maxBytes} bytes: remove it`,
          )
        }
        if (end >= 0) {
          pieces.push(rest.subarray(0, end))
          rest = rest.subarray(end + 1)
          return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces)
        }
        if (rest.byteLength > 0) pieces.push(rest)
        if (!(await readChunk())) {
          if (pieces.length > 0) throw endedEarly()
          return null
        }
      }
    },
    async take(count) {
      const pieces: Buffer[] = []
      await consume(count, (piece) => pieces.push(piece))
      // A copy, so that a small piece does not keep a large chunk in memory.
      return Buffer.concat(pieces)
    },
    skip: (count) => consume(count, () => {}),
  }
}
