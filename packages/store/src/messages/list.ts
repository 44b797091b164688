import { setImmediate } from 'node:timers/promises'
import type { RawBuilder } from 'kysely'
import { checkFilters, checkLimit, checkName, checkNumber, invalid } from '../arguments.js'
import type { Database } from '../database/database.js'
import { bind } from '../database/queries.js'
import type { MessageQuery } from '../message-query.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import {
  countEntries,
  equalitiesOf,
  type IdRange,
  type IdSource,
  selectEdge,
  selectMessages,
} from './list-queries.js'
import { type MessageRow, toMessage } from './message-row.js'
import { skipBlocks } from './time-blocks.js'

const DEFAULT_LIMIT = 50
const INCLUDED: readonly unknown[] = ['messages', 'reactions', 'deleted', 'all']

/** What limits the work of one page, which holds up everything else in the process. */
export interface ListLimits {
  /** If at most this many messages meet a condition, all of them are found and sorted. */
  readonly maxToSort: number
  /** How many ids are examined before others have their turn. */
  readonly maxPerStep: number
}

/** Each takes a few milliseconds of the process itself. */
const LIMITS: ListLimits = { maxToSort: 1_000, maxPerStep: 1_000 }

/** A source, and whether all of it meets the conditions, or few enough entries to look at all of them. */
interface Choice {
  readonly source: IdSource
  readonly isOneStep: boolean
}

/** @see {@link Store.listMessages} */
export function createListMessages(database: Database, limits = LIMITS): Store['listMessages'] {
  const newest = { isForward: false } as const
  const latest = selectMessages(database, newest, {
    source: 'messages',
    limit: DEFAULT_LIMIT,
  }).compile()
  const nextTurn = createTurns()

  return async ({ limit = DEFAULT_LIMIT, signal, ...conditions } = {}) => {
    checkLimit(limit)
    checkConditions(conditions)
    const range = { ...conditions, isForward: conditions.after !== undefined }
    const rows = await readRows(range, { limit, signal })
    return rows.map(toMessage).sort((one, other) => other.id - one.id)
  }

  async function readRows(
    range: IdRange,
    { limit, signal }: { limit: number; signal: AbortSignal | undefined },
  ): Promise<MessageRow[]> {
    if (Object.keys(range).length === 1) return readLatest(limit)
    const { source, isOneStep } = await chooseSource(range)
    const rows = isOneStep
      ? await readPage(range, { source, limit })
      : await walk(range, { source, limit, signal })
    if (range.thread === undefined || isRead(range)) return rows
    return withFirst(rows, await readPage(range, { source: 'first', limit: 1 }), { range, limit })
  }

  async function readLatest(limit: number): Promise<MessageRow[]> {
    return (await database.read(({ queries }) => queries.executeQuery(bind(latest, [limit])))).rows
  }

  /** If few messages meet a condition, those are sorted; otherwise the ids are examined in their order. */
  async function chooseSource(range: IdRange): Promise<Choice> {
    const { since, until, synchronized, include = 'messages' } = range
    const equalities = equalitiesOf(range)
    const isTimed = since !== undefined || until !== undefined
    const conditions = equalities.length + Number(isTimed) + Number(synchronized !== undefined)
    if (isRead(range)) return { source: include, isOneStep: conditions === 0 }
    const [first = 'messages'] = equalities
    if (conditions === equalities.length && conditions <= 1) return { source: first, isOneStep: true }
    const candidates: IdSource[] = [
      ...equalities,
      ...(isTimed ? (['times'] as const) : []),
      ...(synchronized === false ? (['outbox'] as const) : []),
    ]
    for (const source of candidates) {
      if ((await count(range, source)) <= limits.maxToSort) return { source, isOneStep: true }
    }
    return { source: first, isOneStep: false }
  }

  async function count({ before, after, ...range }: IdRange, source: IdSource): Promise<number> {
    const [row] = await run(countEntries(database, range, { source, limit: limits.maxToSort + 1 }))
    return row?.found ?? 0
  }

  async function run<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    return (await database.read(({ queries }) => query.execute(queries))).rows
  }

  function readPage(range: IdRange, page: { source: IdSource; limit: number }): Promise<MessageRow[]> {
    return database.read((reader) => selectMessages(reader, range, page).execute())
  }

  /** Examines the ids in steps until the page is full, each in a turn of its own. */
  async function walk(
    range: IdRange,
    { source, limit, signal }: { source: IdSource; limit: number; signal: AbortSignal | undefined },
  ): Promise<MessageRow[]> {
    const rows: MessageRow[] = []
    let rest: IdRange | null = range
    for (let found: MessageRow[] = []; ; await nextTurn()) {
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      // Where some messages are within the times, more of them are near.
      if (found.length === 0) rest = await skipBlocks({ syntax: database, run, pause: nextTurn }, rest)
      if (!rest) return rows
      const edge = await findEdge(rest, source)
      found = await readPage(upTo(rest, edge), { source, limit: limit - rows.length })
      rows.push(...found)
      if (edge === undefined || rows.length === limit) return rows
      rest = startingAt(rest, edge)
    }
  }

  async function findEdge(range: IdRange, source: IdSource): Promise<number | undefined> {
    return (await run(selectEdge(database, range, { source, entries: limits.maxPerStep })))[0]?.id
  }
}

/** Whether the messages to list are all short, and so read one by one; see {@link IdSource}. */
const isRead = ({ include = 'messages' }: IdRange): boolean => include !== 'messages'

/** The page of a thread, with its first message where it belongs. */
function withFirst(
  rows: MessageRow[],
  first: readonly MessageRow[],
  { range, limit }: { range: IdRange; limit: number },
): MessageRow[] {
  const direction = range.isForward ? 1 : -1
  return [...rows, ...first].sort((one, other) => direction * (one.id - other.id)).slice(0, limit)
}

/** The part of the range before the edge, in its direction. */
function upTo(range: IdRange, edge: number | undefined): IdRange {
  if (edge === undefined) return range
  return range.isForward ? { ...range, before: edge } : { ...range, after: edge }
}

/** The part of the range from the edge on. */
function startingAt(range: IdRange, edge: number): IdRange {
  return range.isForward ? { ...range, after: edge - 1 } : { ...range, before: edge + 1 }
}

/** Returns a function that waits until the event loop has gone round once for each earlier call, and once more. */
function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()

  return () => {
    last = last.then(() => setImmediate())
    return last
  }
}

function checkConditions(query: Omit<MessageQuery, 'limit' | 'signal'>): void {
  const { after, sender, topic, thread, reply_to, since, until, synchronized, include } = query
  checkFilters(query)
  if (after !== undefined) checkNumber('after', after)
  if (reply_to !== undefined) checkName('reply_to', reply_to)
  if (synchronized !== undefined && typeof synchronized !== 'boolean') {
    throw invalid('synchronized must be true or false')
  }
  if (include !== undefined && !INCLUDED.includes(include))
    throw invalid(`include must be one of ${INCLUDED.join(', ')}`)
  const isAll = include === 'all'
  if (
    isAll &&
    [sender, topic, thread, reply_to, since, until, synchronized].some((value) => value !== undefined)
  ) {
    throw invalid('include: all allows no condition but before and after')
  }
}
