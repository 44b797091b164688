import type pg from 'pg'
import { StoreError } from '../../store-error.js'

/** What a schema holds before it is migrated. */
export type SchemaState = 'empty' | 'current' | 'outdated'

/**
 * Tells whether a schema has to be migrated. Changes nothing.
 *
 * @throws StoreError `not-a-store`, `newer-schema`
 */
export async function inspectSchema(
  client: pg.PoolClient,
  { schema, migrations }: { schema: string; migrations: readonly string[] },
): Promise<SchemaState> {
  const { rows: tables } = await client.query<{ name: string }>(
    'select table_name::text as name from information_schema.tables where table_schema = $1',
    [schema],
  )
  if (tables.length === 0) return 'empty'
  if (!tables.some(({ name }) => name === 'schema_version')) {
    throw new StoreError('not-a-store', 'the schema has the tables of another program')
  }
  const { rows: applied } = await client.query<{ name: string }>(
    `select name from ${client.escapeIdentifier(schema)}.schema_version`,
  )
  if (applied.some(({ name }) => !migrations.includes(name))) {
    throw new StoreError('newer-schema', 'the database was written by a newer version of this package')
  }
  return applied.length === migrations.length ? 'current' : 'outdated'
}

/**
 * Checks that commits wait for the disk.
 *
 * @throws StoreError `unsafe`
 */
export async function assertDurable(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ value: string | null }>(
    "select current_setting('synchronous_commit', true) as value",
  )
  if (rows[0]?.value !== 'off') return
  throw new StoreError(
    'unsafe',
    'synchronous_commit is off for this user or database: PostgreSQL would lose committed data in a crash',
  )
}
