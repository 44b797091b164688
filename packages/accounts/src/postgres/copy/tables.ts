import { createHash } from 'node:crypto'
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../../database/schema.js'

/** A table that is copied row by row. */
interface CopiedTable {
  readonly name: keyof Schema
  /** The columns by which its rows are read: unique, and their order is the same in both engines. */
  readonly key: readonly string[]
  readonly columns: readonly string[]
}

/** In the order in which they refer to each other. */
const COPIED_TABLES: readonly CopiedTable[] = [
  {
    ...{ name: 'accounts', key: ['handle'] },
    columns: ['handle', 'skeleton', 'kind', 'role', 'disabled_at', 'created_at', 'created_by', 'posts'],
  },
  { name: 'passwords', key: ['handle'], columns: ['handle', 'hash', 'changed_at'] },
  {
    ...{ name: 'identities', key: ['issuer', 'subject'] },
    columns: ['issuer', 'subject', 'handle', 'created_at'],
  },
  {
    ...{ name: 'tokens', key: ['id'] },
    columns: [
      ...[
        'id',
        'digest',
        'handle',
        'kind',
        'name',
        'scopes',
        'sender',
        'created_at',
        'used_at',
        'expires_at',
      ],
    ],
  },
  {
    ...{ name: 'links', key: ['digest'] },
    columns: [
      ...['digest', 'kind', 'handle', 'role', 'issuer', 'subject', 'uses_left', 'created_at', 'created_by'],
      'expires_at',
    ],
  },
  {
    ...{ name: 'audit', key: ['number'] },
    columns: ['number', 'at', 'actor', 'action', 'target', 'detail'],
  },
  {
    ...{ name: 'held', key: ['id'] },
    columns: [
      ...['id', 'handle', 'post', 'uid', 'fingerprint', 'key', 'reason', 'state', 'held_at', 'decided_at'],
      'decided_by',
    ],
  },
  {
    ...{ name: 'reports', key: ['id'] },
    columns: ['id', 'subject', 'handle', 'reason', 'created_at'],
  },
  { name: 'daily_posts', key: ['handle'], columns: ['handle', 'day', 'posts'] },
]

/** The tables that number their rows, with the column of the number. A number is never given out again. */
export const NUMBERED = { tokens: 'id', audit: 'number', held: 'id', reports: 'id' } as const

/** The latest number that each table has ever given out. */
export type Latest = Record<keyof typeof NUMBERED, number>

type Row = Readonly<Record<string, number | string | null>>

const ROWS_PER_PART = 200

/** What was read of a database. */
export interface Contents {
  readonly counts: Readonly<Record<keyof Schema, number>>
  /** SHA-256 of all rows, in hexadecimal. */
  readonly digest: string
}

/** Reads everything, part by part. */
export async function readAll(
  queries: Kysely<Schema>,
  onRows: (table: keyof Schema, rows: readonly Row[]) => Promise<void>,
): Promise<Contents> {
  const hash = createHash('sha256')
  const counts = Object.fromEntries(COPIED_TABLES.map(({ name }) => [name, 0])) as Record<
    keyof Schema,
    number
  >
  for (const table of COPIED_TABLES) {
    for await (const rows of readTable(queries, table)) {
      for (const row of rows) hash.update(JSON.stringify(table.columns.map((column) => row[column])))
      counts[table.name] += rows.length
      await onRows(table.name, rows)
    }
    hash.update(`${table.name}\n`)
  }
  return { counts, digest: hash.digest('hex') }
}

/** Stores rows of a table as they were read. */
export async function insertRows(
  queries: Kysely<Schema>,
  table: keyof Schema,
  rows: readonly Row[],
): Promise<void> {
  await withAnyTable(queries).insertInto(table).values(rows).execute()
}

/** Kysely's types know one table at a time. */
const withAnyTable = (queries: Kysely<Schema>) => queries as unknown as Kysely<Record<string, Row>>

async function* readTable(
  queries: Kysely<Schema>,
  { name, key, columns }: CopiedTable,
): AsyncGenerator<readonly Row[]> {
  const refs = sql.join(key.map((column) => sql.ref(column)))
  let table: SelectQueryBuilder<Record<string, Row>, string, Row> = withAnyTable(queries)
    .selectFrom(name)
    .select(columns as string[])
    .limit(ROWS_PER_PART)
  for (const column of key) table = table.orderBy(column)
  let last: Row | undefined
  do {
    const values = sql.join(key.map((column) => last?.[column]))
    const rows: Row[] = await (last ? table.where(sql<boolean>`(${refs}) > (${values})`) : table).execute()
    if (rows.length > 0) yield rows
    last = rows.length < ROWS_PER_PART ? undefined : rows.at(-1)
  } while (last)
}
