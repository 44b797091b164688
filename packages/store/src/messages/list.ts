import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { checkLimit, checkNumber, checkText, checkTime, invalid } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import { bind } from '../sqlite/query-helpers.js'
import type { MessagesTable, Schema } from '../sqlite/schema.js'
import type { MessageQuery, Store } from '../store.js'
import { MESSAGE_COLUMNS, toMessage } from './message-row.js'

const DEFAULT_LIMIT = 50

/** Finding and sorting this many messages takes a millisecond or two. */
const MAX_MESSAGES_TO_SORT = 1_000

/** How the messages of a page are found: in id order, or by finding all within the times and sorting them. */
type Access = 'by-id' | 'by-timestamp'

/** @see {@link Store.listMessages} */
export function createListMessages(database: Database): Store['listMessages'] {
  const latest = selectMessages(database.queries, {}, { limit: DEFAULT_LIMIT }).compile()

  return async ({ limit = DEFAULT_LIMIT, ...conditions } = {}) => {
    checkLimit(limit)
    checkConditions(conditions)
    const isLatest = Object.values(conditions).every((condition) => condition === undefined)

    const { rows } = await database.read(async (queries) => {
      if (isLatest) return queries.executeQuery(bind(latest, [limit]))
      const access = await chooseAccess(queries, conditions)
      return queries.executeQuery(selectMessages(queries, conditions, { limit, access }).compile())
    })
    const messages = rows.map(toMessage)
    return conditions.after === undefined ? messages : messages.reverse()
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

/**
 * If few messages are within the times, they are found by time and sorted; if many are, they are read in id order.
 * So a page of recent messages never reads the whole table, and a page within a long time never sorts it.
 */
async function chooseAccess(queries: Kysely<Schema>, { since, until }: MessageQuery): Promise<Access> {
  if (since === undefined && until === undefined) return 'by-id'
  const { found } = await countWithin(queries, { since, until }).executeTakeFirstOrThrow()
  return found > MAX_MESSAGES_TO_SORT ? 'by-id' : 'by-timestamp'
}

/** The query that counts the messages within the times, up to one more than {@link MAX_MESSAGES_TO_SORT}. */
export function countWithin(
  queries: Kysely<Schema>,
  { since, until }: { since: string | undefined; until: string | undefined },
) {
  let within = queries
    .selectFrom('messages')
    .select('timestamp')
    .limit(MAX_MESSAGES_TO_SORT + 1)
  if (since !== undefined) within = within.where('timestamp', '>=', since)
  if (until !== undefined) within = within.where('timestamp', '<', until)
  return queries.selectFrom(within.as('within')).select(({ fn }) => fn.countAll<number>().as('found'))
}

/** The query for one page. It starts at the given id, so that no page has to skip over earlier ones. */
export function selectMessages(
  queries: Kysely<Schema>,
  { before, after, sender, since, until, synchronized }: MessageQuery,
  { limit, access = 'by-id' }: { limit: number; access?: Access },
): SelectQueryBuilder<Schema, 'messages', MessagesTable> {
  const byTimestamp = access === 'by-timestamp'
  const id = column<number>('id', !byTimestamp)
  const timestamp = column<string>('timestamp', byTimestamp)

  let page = queries.selectFrom('messages').select(MESSAGE_COLUMNS).limit(limit)
  if (before !== undefined) page = page.where(id, '<', before)
  if (after !== undefined) page = page.where(id, '>', after)
  if (sender !== undefined) page = page.where(column('sender', !byTimestamp), '=', sender)
  if (since !== undefined) page = page.where(timestamp, '>=', since)
  if (until !== undefined) page = page.where(timestamp, '<', until)
  if (synchronized !== undefined) {
    page = page.where(column('is_synchronized', !byTimestamp), '=', synchronized ? 1 : 0)
  }
  // The messages nearest to `after` are the oldest ones above it.
  return page.orderBy(id, after === undefined ? 'desc' : 'asc')
}

/** A unary plus keeps SQLite from using an index on the column. Without statistics it would choose the wrong one. */
const column = <Value>(name: keyof MessagesTable, indexed: boolean): RawBuilder<Value> =>
  indexed ? sql<Value>`${sql.ref(name)}` : sql<Value>`+${sql.ref(name)}`
