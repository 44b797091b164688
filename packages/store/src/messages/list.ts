import { setImmediate } from 'node:timers/promises'
import { checkLimit, checkNumber, checkText, checkTime, invalid } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import { bind } from '../sqlite/query-helpers.js'
import type { MessagesTable } from '../sqlite/schema.js'
import type { MessageQuery, Store } from '../store.js'
import {
  countWithin,
  type IdRange,
  type IdSource,
  selectEdge,
  selectLatest,
  selectMessages,
  type Times,
} from './list-queries.js'
import { toMessage } from './message-row.js'

const DEFAULT_LIMIT = 50

/** What limits the work of one page, which holds up everything else in the process. */
interface WorkLimits {
  /** If at most this many messages meet a condition, all of them are found and sorted. */
  readonly maxToSort: number
  /** How many ids are examined before others have their turn. */
  readonly maxPerStep: number
}

/** Each takes a few milliseconds. */
const WORK_LIMITS: WorkLimits = { maxToSort: 1_000, maxPerStep: 1_000 }

/** @see {@link Store.listMessages} */
export function createListMessages(database: Database, limits = WORK_LIMITS): Store['listMessages'] {
  const latest = selectLatest(database.queries, { isForward: false }, DEFAULT_LIMIT).compile()
  const nextTurn = createTurns()

  return async ({ limit = DEFAULT_LIMIT, ...conditions } = {}) => {
    checkLimit(limit)
    checkConditions(conditions)
    const rows = await readRows({ ...conditions, isForward: conditions.after !== undefined }, limit)
    return rows.map(toMessage).sort((one, other) => other.id - one.id)
  }

  async function readRows(range: IdRange, limit: number): Promise<MessagesTable[]> {
    const { sender, since, until, synchronized } = range
    if ((since ?? until ?? synchronized) === undefined) {
      return sender === undefined ? readById(range, limit) : readPage(range, { source: 'sender', limit })
    }
    const source = await chooseSource(range)
    if (source === 'sender' || source === 'all') return walk(range, { source, limit })
    return readPage(range, { source, limit })
  }

  async function readById(range: IdRange, limit: number): Promise<MessagesTable[]> {
    const isLatest = range.before === undefined && range.after === undefined
    const query = isLatest ? bind(latest, [limit]) : selectLatest(database.queries, range, limit).compile()
    return (await database.read((queries) => queries.executeQuery(query))).rows
  }

  /** If few messages meet a condition, those are sorted; otherwise the ids are examined in their order. */
  async function chooseSource({ sender, since, until, synchronized }: IdRange): Promise<IdSource> {
    const isTimed = since !== undefined || until !== undefined
    if (isTimed && (await countTimed({ since, until })) <= limits.maxToSort) return 'times'
    if (synchronized === false && (await countOutbox()) <= limits.maxToSort) return 'outbox'
    return sender === undefined ? 'all' : 'sender'
  }

  async function countTimed(times: Times): Promise<number> {
    const query = countWithin(times, limits.maxToSort + 1)
    return (await database.read((queries) => query.execute(queries))).rows[0]?.found ?? 0
  }

  async function countOutbox(): Promise<number> {
    const counts = await database.read((queries) =>
      queries.selectFrom('outbox_counts').select(['pending', 'quarantined']).executeTakeFirstOrThrow(),
    )
    return counts.pending + counts.quarantined
  }

  function readPage(range: IdRange, page: { source: IdSource; limit: number }): Promise<MessagesTable[]> {
    return database.read((queries) => selectMessages(queries, range, page).execute())
  }

  /** Examines the ids in steps until the page is full, each in a turn of its own. */
  async function walk(
    range: IdRange,
    { source, limit }: { source: 'sender' | 'all'; limit: number },
  ): Promise<MessagesTable[]> {
    const rows: MessagesTable[] = []
    for (let rest: IdRange | undefined = range; rest; ) {
      if (rest !== range) await nextTurn()
      const edge = await findEdge(rest, source)
      rows.push(...(await readPage(upTo(rest, edge), { source, limit: limit - rows.length })))
      rest = edge === undefined || rows.length === limit ? undefined : startingAt(rest, edge)
    }
    return rows
  }

  async function findEdge(range: IdRange, source: 'sender' | 'all'): Promise<number | undefined> {
    const edge = selectEdge(range, source, limits.maxPerStep)
    return (await database.read((queries) => edge.execute(queries))).rows[0]?.id
  }
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

function checkConditions({ before, after, sender, since, until, synchronized }: MessageQuery): void {
  if (before !== undefined) checkNumber('before', before)
  if (after !== undefined) checkNumber('after', after)
  if (sender !== undefined) checkText('sender', sender)
  if (since !== undefined) checkTime('since', since)
  if (until !== undefined) checkTime('until', until)
  if (synchronized !== undefined && typeof synchronized !== 'boolean') {
    throw invalid('synchronized must be true or false')
  }
}
