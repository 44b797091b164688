/** Repeatable random choices. */
export interface SeededRandom {
  /** An integer from `min` to `max`, inclusive. */
  integer(min: number, max: number): number
  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item
  /** Text with characters that are easily corrupted: quotes, line ends, multi-byte characters. */
  text(length: number): string
}

const CHARACTERS = [...'abcdefghijklmnopqrstuvwxyz 0123456789"\\\n\t<&äßéñ漢字👋🏽\u200b']

/** A generator for one drill, so that a drill run alone makes the same choices as in a full run. */
export function createRandom(seed: number, name: string): SeededRandom {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), seed)

  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const pick = <Item>(items: readonly Item[]): Item => items[integer(0, items.length - 1)] as Item

  return {
    integer,
    pick,
    text: (length) => Array.from({ length }, () => pick(CHARACTERS)).join(''),
  }
}
