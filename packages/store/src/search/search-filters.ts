import { type RawBuilder, sql } from 'kysely'
import type { Syntax } from '../database/database.js'
import type { MessageQuery } from '../message-query.js'
import { all, equalitiesOf, existsBy, type IdSource, timesOf } from '../messages/list-queries.js'

/** The filters of a search. */
export type SearchFilters = Pick<MessageQuery, 'sender' | 'topic' | 'thread' | 'since' | 'until'>

/** The conditions for a found id. Each is looked up for one id, in an index that holds all it needs. */
export function passing(
  syntax: Syntax,
  id: RawBuilder<unknown>,
  { sender, topic, thread, since, until }: SearchFilters,
): RawBuilder<boolean>[] {
  const exists = (index: string, condition: RawBuilder<unknown>) => existsBy(syntax, index, { id, condition })
  const isTimed = since !== undefined || until !== undefined
  const times = all(timesOf(sql.ref('e.timestamp'), { since, until }))
  // The first message of a thread is not among its replies.
  const isInThread = sql<boolean>`(
    ${exists('messages_by_thread', sql`e.thread = ${thread}`)}
    or ${id} = (select id from ${syntax.name('messages')} where uid = ${thread})
  )`
  return [
    ...(sender === undefined ? [] : [exists('messages_by_sender', sql`e.sender = ${sender}`)]),
    ...(topic === undefined ? [] : [exists('messages_by_topic', sql`e.topic = ${topic}`)]),
    ...(thread === undefined ? [] : [isInThread]),
    ...(isTimed ? [exists('messages_by_id', times)] : []),
  ]
}

/** The indexes of what passes a filter. */
export const sourcesOf = ({ since, until, ...equalities }: SearchFilters): IdSource[] => [
  ...equalitiesOf(equalities),
  ...(since === undefined && until === undefined ? [] : (['times'] as const)),
]
