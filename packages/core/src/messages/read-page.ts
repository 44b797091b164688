import { setImmediate as nextTurn } from 'node:timers/promises'

/** So many of the largest messages are read in a few milliseconds; reading holds up everybody else. */
const FEW = 10
/** So many at a time where the last ones were small; should the next ones be large, they still do no harm. */
const MANY = 40
/** What counts as small: so many characters together. */
const SMALL = 64 * 1024

/** How to read a page in parts. */
export interface PartReader<Item> {
  /** Reads at most `wanted` of what comes after `last`; where there is no `last`, the first. */
  readPart(wanted: number, last: Item | undefined): Promise<readonly Item[]>
  /** About how many characters an item has. */
  sizeOf(item: Item): number
}

/** Reads a page in parts, so that a page of the largest messages holds up nobody for long. */
export async function readPage<Item>(limit: number, { readPart, sizeOf }: PartReader<Item>): Promise<Item[]> {
  const items: Item[] = []
  let atATime = FEW
  for (;;) {
    const wanted = Math.min(atATime, limit - items.length)
    const part = await readPart(wanted, items.at(-1))
    items.push(...part)
    if (part.length < wanted || items.length === limit) return items
    atATime = part.reduce((sum, item) => sum + sizeOf(item), 0) < SMALL ? MANY : FEW
    await nextTurn()
  }
}
