import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { MessagesTable, Schema } from '../sqlite/schema.js'
import type { MessageQuery } from '../store.js'
import { messageColumns } from './message-row.js'

/** How to find the messages of a page: in the order of ids, or all those within the times and then sorted. */
export type Access = 'by-id' | 'by-timestamp'

/** The query for one page. It starts at the id it is told, so that no page has to pass over others. */
export function selectMessages(
  queries: Kysely<Schema>,
  { before, after, sender, since, until, synchronized }: MessageQuery,
  { limit, access = 'by-id' }: { limit: number; access?: Access },
): SelectQueryBuilder<Schema, 'messages', MessagesTable> {
  const byTimestamp = access === 'by-timestamp'
  const id = column<number>('id', !byTimestamp)
  const timestamp = column<string>('timestamp', byTimestamp)

  let page = queries.selectFrom('messages').select(messageColumns).limit(limit)
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

/** SQLite uses no index for a column behind a plus. Without statistics it would choose the wrong one. */
const column = <Value>(name: keyof MessagesTable, indexed: boolean): RawBuilder<Value> =>
  indexed ? sql<Value>`${sql.ref(name)}` : sql<Value>`+${sql.ref(name)}`
