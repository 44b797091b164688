import type pg from 'pg'
import type { StorageUsage } from '../storage-usage.js'

/** Reads the size of all tables of a schema with their indexes. What is free on the disk only the server knows. */
export async function readStorage(client: pg.PoolClient, schema: string): Promise<StorageUsage> {
  const { rows } = await client.query<{ size: number }>(
    `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as size
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  )
  return { databaseBytes: rows[0]?.size ?? null, logBytes: null, freeBytes: null, diskBytes: null }
}
