/** What is known of a stored message, or of one of its earlier versions. */
export const Seen = {
  /** It was synchronized when the verification started, so the repository must have it. */
  EXPECTED: 1,
  /** The branch has the synchronized version, or a later one that is stored here, byte for byte. */
  SOUND: 2,
  /** The branch has different content at its path. */
  ALTERED: 4,
  /** The commit stored for it has it. */
  PROVEN: 8,
  /** The branch has a later version, which is not stored here. */
  AHEAD: 16,
} as const

/** A few bits for each of many, mostly dense numbers: about one byte per number. */
export interface IdFlags {
  /** The bits of a number; 0 if none was ever set. */
  get(id: number): number
  set(id: number, bits: number): void
  clear(id: number, bits: number): void
  /** Every number that has a bit, with its bits. */
  entries(): Iterable<[id: number, bits: number]>
}

const IDS_PER_CHUNK = 4_096

export function createIdFlags(): IdFlags {
  const chunks = new Map<number, Uint8Array>()
  const get = (id: number) => chunks.get(Math.floor(id / IDS_PER_CHUNK))?.[id % IDS_PER_CHUNK] ?? 0
  const put = (id: number, bits: number) => {
    const number = Math.floor(id / IDS_PER_CHUNK)
    const chunk = chunks.get(number) ?? new Uint8Array(IDS_PER_CHUNK)
    chunk[id % IDS_PER_CHUNK] = bits
    chunks.set(number, chunk)
  }

  return {
    get,
    set: (id, bits) => put(id, get(id) | bits),
    clear: (id, bits) => put(id, get(id) & ~bits),
    *entries() {
      for (const [number, chunk] of chunks) {
        for (const [index, bits] of chunk.entries()) if (bits) yield [number * IDS_PER_CHUNK + index, bits]
      }
    },
  }
}
