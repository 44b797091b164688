import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../database/schema.js'
import type { CopyEnd } from './copy-end.js'
import { COPIED_TABLES, type CopiedRow, type CopiedState, type CopiedTable } from './tables.js'

/** At most some ten megabytes, if all contents are as long as they can be. */
const ROWS_PER_PART = 200

/** Everything of a database that is copied. */
interface Contents {
  readonly state: CopiedState
  readonly counts: Readonly<Record<CopiedTable['name'], number>>
  /** SHA-256 of the state and all rows, in hexadecimal. */
  readonly digest: string
}

/** Called with the next rows of a table, and how many of it were read with them. */
type ReceiveRows = (table: CopiedTable, rows: readonly CopiedRow[], count: number) => Promise<void>

/** Reads everything, part by part. */
export async function readAll(
  { readState }: Pick<CopyEnd, 'readState'>,
  queries: Kysely<Schema>,
  onRows: ReceiveRows,
): Promise<Contents> {
  const hash = createHash('sha256')
  const counts = { messages: 0, versions: 0, outbox: 0, idempotency_keys: 0 }
  const state = await readState(queries)
  hash.update(JSON.stringify(state))
  for (const table of COPIED_TABLES) {
    for await (const rows of readTable(queries, table)) {
      for (const row of rows) hash.update(JSON.stringify(table.columns.map((column) => row[column])))
      counts[table.name] += rows.length
      await onRows(table, rows, counts[table.name])
    }
  }
  return { state, counts, digest: hash.digest('hex') }
}

async function* readTable(
  queries: Kysely<Schema>,
  { name, key, columns }: CopiedTable,
): AsyncGenerator<readonly CopiedRow[]> {
  const table = (queries as unknown as Kysely<Record<string, Record<string, number | string | null>>>)
    .selectFrom(name)
    .select(columns)
    .orderBy(key)
    .limit(ROWS_PER_PART)
  let last: CopiedRow | undefined
  do {
    const rows: CopiedRow[] = await (last ? table.where(key, '>', last[key] ?? null) : table).execute()
    if (rows.length > 0) yield rows
    last = rows.length < ROWS_PER_PART ? undefined : rows.at(-1)
  } while (last)
}
