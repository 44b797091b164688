/** A few bits for each of many ids, which are mostly dense: about one byte for each. */
export interface IdFlags {
  /** The bits of an id; 0 where none was ever set. */
  get(id: number): number
  set(id: number, bits: number): void
  clear(id: number, bits: number): void
  /** Every id that has a bit, with its bits. */
  entries(): Iterable<[id: number, bits: number]>
}

const CHUNK = 4_096

export function createIdFlags(): IdFlags {
  const chunks = new Map<number, Uint8Array>()
  const get = (id: number) => chunks.get(Math.floor(id / CHUNK))?.[id % CHUNK] ?? 0
  const put = (id: number, bits: number) => {
    const number = Math.floor(id / CHUNK)
    const chunk = chunks.get(number) ?? new Uint8Array(CHUNK)
    chunk[id % CHUNK] = bits
    chunks.set(number, chunk)
  }

  return {
    get,
    set: (id, bits) => put(id, get(id) | bits),
    clear: (id, bits) => put(id, get(id) & ~bits),
    *entries() {
      for (const [number, chunk] of chunks) {
        for (const [index, bits] of chunk.entries()) if (bits) yield [number * CHUNK + index, bits]
      }
    },
  }
}
