import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Reader } from '../database/database.js'
import { selectRows } from '../database/queries.js'
import type { Schema } from '../database/schema.js'
import { MESSAGE_COLUMNS } from '../messages/message-row.js'
import type { PostgresTables } from './schema.js'

/** A {@link Reader} that knows the other tables, too. */
export interface PostgresReader extends Reader {
  name(table: keyof Schema | keyof PostgresTables): RawBuilder<unknown>
}

/** Builds queries for PostgreSQL. Every table is named with its schema: behind a pooler no session has a search path. */
export function createReader(queries: Kysely<Schema>, schema: string): PostgresReader {
  return {
    queries,
    name: (table) => sql.id(schema, table),
    texts: (values) => sql`(select unnest(${values}::text[]))`,
    numbers: (values) => sql`(select unnest(${values}::bigint[]))`,
    rows: (columns, rows) => selectRows(sql`json_array_elements(${JSON.stringify(rows)}::json)`, columns),
    indexedBy: () => sql``,
    selectChangedAfter: (position) =>
      queries
        .withTables<PostgresTables>()
        .selectFrom('feed_order')
        .innerJoin('messages', 'messages.id', 'feed_order.message_id')
        .select(MESSAGE_COLUMNS)
        .where('feed_order.position', '>', position)
        .orderBy('feed_order.position') as unknown as ReturnType<Reader['selectChangedAfter']>,
  }
}
