import type { Kysely } from 'kysely'
import type { Schema } from '../sqlite/schema.js'
import type { MessageQuery } from '../store.js'
import type { Access } from './select-messages.js'

/** Finding and sorting this many messages costs less than a millisecond or two. */
const fewMessages = 1_000

/**
 * Few messages are found by their times and sorted. Many are looked for in the order of ids instead: so a page
 * of recent messages never reads the whole table, and one within a long time never sorts it.
 */
export async function chooseAccess(queries: Kysely<Schema>, { since, until }: MessageQuery): Promise<Access> {
  if (since === undefined && until === undefined) return 'by-id'
  const { found } = await countWithin(queries, { since, until }).executeTakeFirstOrThrow()
  return found > fewMessages ? 'by-id' : 'by-timestamp'
}

/** Counts the messages within the times, and stops when they are not few. */
export function countWithin(
  queries: Kysely<Schema>,
  { since, until }: { since: string | undefined; until: string | undefined },
) {
  let within = queries
    .selectFrom('messages')
    .select('timestamp')
    .limit(fewMessages + 1)
  if (since !== undefined) within = within.where('timestamp', '>=', since)
  if (until !== undefined) within = within.where('timestamp', '<', until)
  return queries.selectFrom(within.as('within')).select(({ fn }) => fn.countAll<number>().as('found'))
}
