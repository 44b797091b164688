import { sql } from 'kysely'
import type { PostgresReader } from '../reader.js'

/** Counts a message in a topic that it had not before. */
export async function enterTopic(
  { queries, name }: PostgresReader,
  topic: string,
  timestamp: string,
): Promise<void> {
  await sql`
    insert into ${name('topics')} as topics (topic, messages, last_at) values (${topic}, 1, ${timestamp})
    ${MERGE_TOPICS}
  `.execute(queries)
}

/** For an insertion into `topics`: adds to those that there are. */
export const MERGE_TOPICS = sql`
  on conflict (topic) do update set messages = topics.messages + excluded.messages,
    last_at = greatest(topics.last_at, excluded.last_at)
`

/** Counts a message no longer in a topic that it has left. */
export async function leaveTopic({ queries, name }: PostgresReader, topic: string): Promise<void> {
  const latest = sql`(select max(timestamp) from ${name('messages')} where topic = ${topic} and kind = 0)`
  await sql`
    update ${name('topics')} set messages = messages - 1, last_at = coalesce(${latest}, last_at)
    where topic = ${topic}
  `.execute(queries)
  await queries.deleteFrom('topics').where('topic', '=', topic).where('messages', '=', 0).execute()
}
