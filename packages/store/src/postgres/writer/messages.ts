import { sql } from 'kysely'
import type { MessageUpdate, Writer } from '../../database/database.js'
import { kindOf } from '../../messages/message-row.js'
import type { PostgresReader } from '../reader.js'
import type { Counters } from '../schema.js'
import { replaceEntries } from '../search-index/entries.js'
import { insertionOf } from './insert-messages.js'
import { enterTopic, leaveTopic } from './topics.js'

/** The messages of a transaction, with what is kept of them elsewhere: their places in the feed, their topics and words. */
export function createMessages(
  reader: PostgresReader,
  counters: Counters,
  positions: Writer['positions'],
): Writer['messages'] {
  return {
    async highestId() {
      return counters.last_id
    },
    async insert(messages) {
      await insertionOf(reader, messages)?.execute(reader.queries)
      for (const { id } of messages) counters.last_id = Math.max(counters.last_id, id)
    },
    async update(updates) {
      const [first] = updates
      if (!first) return
      const { queries, name } = reader
      const rows = JSON.stringify(updates.map(({ message: { id }, fields }) => ({ id, ...fields })))
      const changes = sql`json_populate_recordset(null::${name('messages')}, ${rows}::json) as changes`
      const moved = sql`
        select changes.id, messages.position as former, changes.position as latter
        from ${changes} join ${name('messages')} as messages on messages.id = changes.id
      `
      const values = Object.keys(first.fields).map(
        (column) => sql`${sql.ref(column)} = ${sql.ref(`changes.${column}`)}`,
      )
      await sql`
        ${positions.moving(moved)}
        update ${name('messages')} set ${sql.join(values)} from ${changes} where messages.id = changes.id
      `.execute(queries)
      await replaceEntries(reader, updates)
      for (const update of updates) await moveBetweenTopics(reader, update)
    },
  }
}

async function moveBetweenTopics(reader: PostgresReader, { message, fields }: MessageUpdate): Promise<void> {
  const { topic = message.topic, kind = kindOf(message) } = fields
  const former = countedIn(message.topic, kindOf(message))
  const latter = countedIn(topic, kind)
  if (former === latter) return
  if (former !== null) await leaveTopic(reader, former)
  if (latter !== null) await enterTopic(reader, latter, message.timestamp)
}

/** The topic in which a message is counted, if any: neither reactions nor deleted messages are. */
const countedIn = (topic: string | null, kind: number): string | null => (kind === 0 ? topic : null)
