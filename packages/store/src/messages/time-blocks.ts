import { type RawBuilder, sql } from 'kysely'
import type { Syntax } from '../database/database.js'
import { all, type IdRange, timesOf } from './list-queries.js'
import { isListed } from './message-row.js'

/** Of ids. The indexes `messages_by_block` have the times of each block in order, and cannot be read with another number. */
export const BLOCK_SIZE = 4_096

/** In one query: the entries of an index that are looked at take some milliseconds. */
const BLOCKS_PER_QUERY = 500

/** Runs a query that only reads. */
type Run = <Row>(query: RawBuilder<Row>) => Promise<readonly Row[]>

/**
 * Shortens a range, in its direction, to where a message is within its times, as far as blocks and the index of the ids
 * tell. Resolves with `null` if there is none in any block. Without times, the range stays as it is.
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
    const { number = null, matches, edge = null } = block ?? {}
    if (number === null) return null
    if (matches) return startingAt(rest, { number, edge })
    rest = startingAt(rest, { number: number + (range.isForward ? 1 : -1), edge: null })
  }
}

/** The part of a range from this id on, in its direction, or in this block and those after it. */
function startingAt<Range extends IdRange>(
  range: Range,
  { number, edge }: { number: number; edge: number | null },
): Range {
  const { before = Number.POSITIVE_INFINITY, after = 0 } = range
  const first = number * BLOCK_SIZE
  return range.isForward
    ? { ...range, after: Math.max(after, (edge ?? first) - 1) }
    : { ...range, before: Math.min(before, edge === null ? first + BLOCK_SIZE : edge + 1) }
}

/**
 * The first block of the range, in its direction, with a message within its times; or the last block that was looked at, if
 * none of that many has one; `null`: there are no more messages. `edge` is the first message of the block, in that
 * direction, that is within the times, if reactions and tombstones are not listed.
 */
export function selectBlock(
  { name, indexedBy }: Syntax,
  { isForward, before, after, since, until, include = 'messages' }: IdRange,
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
  const edge = sql`(
    select e.id from ${messages} as e ${indexedBy('messages_by_id')}
    where e.id >= block.number * ${size} and e.id < (block.number + 1) * ${size}
      and ${all(timesOf(sql.ref('e.timestamp'), { since, until }))} and ${isListed('e')}
    order by e.id ${isForward ? sql`asc` : sql`desc`} limit 1
  )`
  return sql<{ number: number | null; matches: boolean | 0 | 1; edge: number | null }>`
    with recursive block (number, place) as (
      select ${blockOf(sql`${first}`)}, 1
      union all
      select ${blockOf(next)}, block.place + 1 from block
      where number is not null and place < ${blocks} and not ${matches}
    )
    select number, ${matches} as matches, ${include === 'messages' ? edge : sql`null`} as edge
    from block order by place desc limit 1
  `
}
