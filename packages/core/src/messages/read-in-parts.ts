import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from '@gitmsg/store'

/** This many of the largest messages are read in a few milliseconds, during which nothing else runs. */
const LARGE_PART = 10
/** Read at a time after small messages; harmless even if the next ones are large. */
const SMALL_PART = 50
/** A part of fewer characters than this counts as small. */
const SMALL_PART_CHARACTERS = 64 * 1024

/** How to read a page in parts. */
export interface PartReader<Item> {
  /** Reads at most `wanted` items that follow `last`; without `last`, the first. */
  readPart(wanted: number, last: Item | undefined): Promise<readonly Item[]>
  /** The approximate number of characters of an item. */
  sizeOf(item: Item): number
}

/** Reads a page in parts, each in a turn of its own, so that a page of the largest messages does not hold up others. */
export async function readInParts<Item>(
  { messagesPerRead: largePart = LARGE_PART }: Pick<Store, 'messagesPerRead'>,
  limit: number,
  { readPart, sizeOf }: PartReader<Item>,
): Promise<Item[]> {
  const items: Item[] = []
  let partSize = largePart
  for (;;) {
    const wanted = Math.min(partSize, limit - items.length)
    const part = await readPart(wanted, items.at(-1))
    items.push(...part)
    if (part.length < wanted || items.length === limit) return items
    const characters = part.reduce((sum, item) => sum + sizeOf(item), 0)
    partSize = characters < SMALL_PART_CHARACTERS ? Math.max(SMALL_PART, largePart) : largePart
    await nextTurn()
  }
}
