import type { MessageRow } from '../../messages/message-row.js'
import { type Occurrences, RANKED_CHARACTERS, rank, weightOf } from '../../search/rank.js'
import { MAX_RANKED } from '../../search/search-request.js'
import { countMatches, isMatch } from '../../text/find-matches.js'
import type { SearchPattern } from '../../text/search-patterns.js'
import { wordsOf } from '../../text/words.js'
import { PARTITION_SIZE, partitionOf, toExpression } from '../search-index/entries.js'
import type { Read } from './reader.js'
import { countHits, selectIds, selectPassing, selectTexts } from './search-queries.js'
import { readTail, type TailSearch } from './tail.js'
import { MESSAGES_PER_READ, type Walk } from './walk.js'

/** In one query: the beginnings of the largest ones take some milliseconds. */
const TEXTS_PER_READ = 50

/** Of the newest ids, among which it is counted how rare a word is. */
const IDS_PER_SAMPLE = 4_096

/** Ranks the newest matches, and reads the best of them. What was edited meanwhile must still match. */
export async function readRelevant(
  read: Read,
  { tail, walk }: { readonly tail: TailSearch; readonly walk: Walk },
  limit: number,
): Promise<MessageRow[]> {
  const { patterns, filters } = tail
  const { required } = patterns
  const matches = (await readTail(read, tail, MAX_RANKED)).map((row) => toOccurrences(row, required))
  const ids: number[] = []
  while (matches.length + ids.length < MAX_RANKED) {
    const part = await walk.next()
    if (!part) break
    const rows = await read(selectIds(part, MAX_RANKED - matches.length - ids.length))
    ids.push(...rows.map(({ id }) => id))
  }
  for (const some of inParts(ids, TEXTS_PER_READ)) {
    matches.push(...(await read(selectTexts(some))).map((row) => toOccurrences(row, required)))
  }
  const best = rank(matches, await readWeights(read, required, ids[0] ?? 0)).slice(0, limit)
  const found = new Map<number, MessageRow>()
  for (const some of inParts(best, MESSAGES_PER_READ)) {
    for (const row of await read(selectPassing(some, filters))) {
      if (isMatch(wordsOf(row.content), patterns)) found.set(row.id, row)
    }
  }
  return best.flatMap((id) => found.get(id) ?? [])
}

const inParts = (ids: readonly number[], size: number): (readonly number[])[] =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  )

function toOccurrences(
  { id, content }: Pick<MessageRow, 'id' | 'content'>,
  required: readonly SearchPattern[],
): Occurrences {
  const words = wordsOf(content.slice(0, RANKED_CHARACTERS))
  return { id, length: content.length, counts: required.map((pattern) => countMatches(words, pattern)) }
}

/** The weights of patterns, by the messages up to the newest one that has them all. */
async function readWeights(
  read: Read,
  required: readonly SearchPattern[],
  newest: number,
): Promise<number[]> {
  const partition = partitionOf(newest)
  const after = Math.max(partition * PARTITION_SIZE - 1, newest - IDS_PER_SAMPLE)
  const total = newest - after
  const weights: number[] = []
  for (const pattern of required) {
    const expression = toExpression({ required: [pattern], excluded: [] }, partition)
    const [row] = await read(countHits({ expression, filters: {}, before: newest + 1, after }, total))
    weights.push(weightOf(row?.count ?? 0, total))
  }
  return weights
}
