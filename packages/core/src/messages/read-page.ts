import { setImmediate as nextTurn } from 'node:timers/promises'

/** So many of the largest messages are read in a few milliseconds; reading holds up everybody else. */
const AT_A_TIME = 10

/**
 * Reads a page in parts, so that a page of the largest messages holds up nobody for long.
 *
 * @param readPart reads at most `wanted` of what comes after `last`; where there is no `last`, the first
 */
export async function readPage<Item>(
  limit: number,
  readPart: (wanted: number, last: Item | undefined) => Promise<readonly Item[]>,
): Promise<Item[]> {
  const items: Item[] = []
  for (;;) {
    const wanted = Math.min(AT_A_TIME, limit - items.length)
    const part = await readPart(wanted, items.at(-1))
    items.push(...part)
    if (part.length < wanted || items.length === limit) return items
    await nextTurn()
  }
}
