/** Chance that can be repeated. */
export interface SeededRandom {
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Text with what tends to be damaged on the way: quotes, line ends, several bytes a character. */
  text(length: number): string
}

const CHARACTERS = [...'abcdefghijklmnopqrstuvwxyz 0123456789"\\\n\t<&äßéñ漢字👋🏽\u200b']

/** A generator of its own for each drill, so that one drill alone repeats what it did among all. */
export function createRandom(seed: number, name: string): SeededRandom {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), seed)

  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  const pick = <Item>(items: readonly Item[]): Item => items[integer(0, items.length - 1)] as Item

  return {
    integer,
    pick,
    text: (length) => Array.from({ length }, () => pick(CHARACTERS)).join(''),
  }
}
