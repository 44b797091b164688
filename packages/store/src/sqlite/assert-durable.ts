import { type Kysely, sql } from 'kysely'
import { StoreError } from '../store-error.js'

const full = 2

/**
 * SQLite may lower `synchronous` when a connection first writes, so it is read again after a write.
 *
 * @throws StoreError `unsafe-sqlite` when commits do not wait for the disk
 */
export async function assertDurable<Tables>(queries: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(queries)
  if (rows[0]?.synchronous !== full) {
    throw new StoreError('unsafe-sqlite', 'SQLite does not wait for the disk before it commits')
  }
}
