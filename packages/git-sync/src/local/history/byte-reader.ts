import type { Readable } from 'node:stream'
import { GitSyncError } from '../../git-sync-error.js'

/** Reads a stream of bytes in pieces of its own choosing; the stream waits while nobody reads. */
export interface ByteReader {
  /** The bytes up to the delimiter, without it; `null` at the end of the stream. */
  until(delimiter: number): Promise<Buffer | null>
  /** Exactly so many bytes. */
  take(count: number): Promise<Buffer>
  /** Passes over so many bytes without keeping them. */
  skip(count: number): Promise<void>
}

/** A reader of this stream, of which there must be only one. */
export function createByteReader(stream: Readable): ByteReader {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  const more = async (): Promise<boolean> => {
    const { done, value } = await chunks.next()
    rest = done ? Buffer.alloc(0) : value
    return !done
  }
  const endedEarly = () => new GitSyncError('unavailable', 'git ended in the middle of its output')

  const pull = async (count: number, keep: (piece: Buffer) => void): Promise<void> => {
    let missing = count
    while (missing > 0) {
      if (rest.byteLength === 0 && !(await more())) throw endedEarly()
      const piece = rest.subarray(0, missing)
      rest = rest.subarray(piece.byteLength)
      missing -= piece.byteLength
      keep(piece)
    }
  }

  return {
    async until(delimiter) {
      const pieces: Buffer[] = []
      for (;;) {
        const end = rest.indexOf(delimiter)
        if (end >= 0) {
          pieces.push(rest.subarray(0, end))
          rest = rest.subarray(end + 1)
          return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces)
        }
        if (rest.byteLength > 0) pieces.push(rest)
        if (!(await more())) {
          if (pieces.length > 0) throw endedEarly()
          return null
        }
      }
    },
    async take(count) {
      const pieces: Buffer[] = []
      await pull(count, (piece) => pieces.push(piece))
      // A copy of its own, so that a small piece does not keep a large chunk in memory.
      return Buffer.concat(pieces)
    },
    skip: (count) => pull(count, () => {}),
  }
}
