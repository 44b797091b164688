import { type Kysely, sql } from 'kysely'
import { AccountsError } from '../../accounts-error.js'

/** What a schema holds before it is migrated. */
export type SchemaState = 'empty' | 'current' | 'outdated'

/**
 * Tells whether a schema has to be migrated. Changes nothing.
 *
 * @throws AccountsError `not-accounts`, `newer-schema`
 */
export async function inspectSchema<Tables>(
  queries: Kysely<Tables>,
  { schema, migrations }: { schema: string; migrations: readonly string[] },
): Promise<SchemaState> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name::text as name from information_schema.tables where table_schema = ${schema}
  `.execute(queries)
  if (tables.length === 0) return 'empty'
  if (!['schema_version', 'passwords'].every((one) => tables.some(({ name }) => name === one))) {
    throw new AccountsError('not-accounts', 'the schema has the tables of another program')
  }
  const { rows: applied } = await sql<{ name: string }>`
    select name from ${sql.id(schema, 'schema_version')}
  `.execute(queries)
  if (applied.some(({ name }) => !migrations.includes(name))) {
    throw new AccountsError('newer-schema', 'the database was written by a newer version of this package')
  }
  return applied.length === migrations.length ? 'current' : 'outdated'
}

/**
 * Checks that commits wait for the disk.
 *
 * @throws AccountsError `unsafe`
 */
export async function assertDurable<Tables>(queries: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ value: string | null }>`
    select current_setting('synchronous_commit', true) as value
  `.execute(queries)
  if (rows[0]?.value !== 'off') return
  throw new AccountsError(
    'unsafe',
    'synchronous_commit is off for this user or database: PostgreSQL would lose committed data in a crash',
  )
}
