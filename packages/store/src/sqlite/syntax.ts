import { sql } from 'kysely'
import type { Syntax } from '../database/database.js'
import { selectRows } from '../database/queries.js'

/** How SQLite writes what engines write in different ways. */
export const SQLITE: Syntax = {
  name: (table) => sql.table(table),
  texts: (values) => sql`(select value from json_each(${JSON.stringify(values)}))`,
  numbers: (values) => sql`(select value from json_each(${JSON.stringify(values)}))`,
  rows: (columns, rows) => selectRows(sql`json_each(${JSON.stringify(rows)})`, columns),
  indexedBy: (index) => (index === null ? sql`not indexed` : sql`indexed by ${sql.id(index)}`),
}
