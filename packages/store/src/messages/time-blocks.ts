import { type RawBuilder, sql } from 'kysely'
import type { Syntax } from '../database/database.js'
import { all, type IdRange, timesOf } from './list-queries.js'

/** Of ids. The indexes `messages_by_block` have the times of each block in order, and cannot be read with another number. */
export const BLOCK_SIZE = 4_096

/** In one query: the entries of an index that are looked at take some milliseconds. */
const BLOCKS_PER_QUERY = 500

/** Runs a query that only reads. */
type Run = <Row>(query: RawBuilder<Row>) => Promise<readonly Row[]>

/**
 * Shortens a range, in its direction, by blocks in which no message is within its times. Resolves with `null` if there is
 * none in any block. Without times, the range stays as it is.
 *
 * @param pause called between queries
 */
export async function skipBlocks<Range extends IdRange>(
  { syntax, run, pause }: { syntax: Syntax; run: Run; pause?: () => Promise<void> },
  range: Range,
  blocksPerQuery = BLOCKS_PER_QUERY,
): Promise<Range | null> {
  if (range.since === undefined && range.until === undefined) return range
  for (let rest = range; ; await pause?.()) {
    const [block] = await run(selectBlock(syntax, rest, blocksPerQuery))
    if (!block || block.number === null) return null
    if (block.matches) return startingAt(rest, block.number)
    rest = startingAt(rest, range.isForward ? block.number + 1 : block.number - 1)
  }
}

/** The part of a range in this block and those after it, in its direction. */
function startingAt<Range extends IdRange>(range: Range, block: number): Range {
  const { before = Number.POSITIVE_INFINITY, after = 0 } = range
  const first = block * BLOCK_SIZE
  return range.isForward
    ? { ...range, after: Math.max(after, first - 1) }
    : { ...range, before: Math.min(before, first + BLOCK_SIZE) }
}

/**
 * The first block of the range, in its direction, with a message within its times; or the last block that was looked at, if
 * none of that many has one; `null`: there are no more messages.
 */
export function selectBlock(
  { name, indexedBy }: Syntax,
  { isForward, before, after, since, until }: IdRange,
  blocks: number,
) {
  const size = sql.lit(BLOCK_SIZE)
  const messages = name('messages')
  const blockOf = (bound: RawBuilder<unknown>) =>
    isForward
      ? sql`(select min(id) from ${messages} where id >= ${bound}) / ${size}`
      : sql`(select max(id) from ${messages} where id < ${bound}) / ${size}`
  const first = isForward ? (after ?? 0) + 1 : (before ?? Number.MAX_SAFE_INTEGER)
  const next = isForward ? sql`(block.number + 1) * ${size}` : sql`block.number * ${size}`
  // In order, because PostgreSQL would expect to meet a match soon without the index.
  const matches = sql<boolean>`(
    select e.timestamp from ${messages} as e ${indexedBy('messages_by_block')}
    where e.id / ${size} = block.number and ${all(timesOf(sql.ref('e.timestamp'), { since, until }))}
    order by e.timestamp limit 1
  ) is not null`
  return sql<{ number: number | null; matches: boolean | 0 | 1 }>`
    with recursive block (number, place) as (
      select ${blockOf(sql`${first}`)}, 1
      union all
      select ${blockOf(next)}, block.place + 1 from block
      where number is not null and place < ${blocks} and not ${matches}
    )
    select number, ${matches} as matches from block order by place desc limit 1
  `
}
