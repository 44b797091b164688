import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { isConnectionUseless } from './postgres-error.js'

/** The type of `bigint`, which `pg` returns as text. All of ours are safe integers. */
const BIGINT = 20
const CONNECT_TIMEOUT_MS = 3_000
/** A connection that is used for longer is destroyed: the other end may be gone without a sign. */
const MAX_OPERATION_MS = 6_000
/** Ends the statement of a connection that was destroyed. */
const MAX_STATEMENT_MS = 5_500

/** Which values the driver converts: those that it does by default, and `bigint`. */
const BIGINTS_AS_NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    (type as number) === BIGINT && format !== 'binary' ? Number : pg.types.getTypeParser(type, format),
}

/** Options of {@link createPool}. */
export interface PoolOptions {
  readonly url: string
  /** The maximum number of connections. */
  readonly connections: number
  /** Whether its connections may be used for as long as it takes. */
  readonly isPatient: boolean
}

/**
 * Creates a pool for kysely. A connection is destroyed if it was lost, leads to a database that became read-only, or,
 * unless the pool is patient, is used for longer than {@link MAX_OPERATION_MS}.
 */
export function createPool({ url, connections, isPatient }: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'gitmsg accounts',
    types: BIGINTS_AS_NUMBERS,
  })
  // A connection that is lost while it is idle is replaced, and one in use fails its query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const prepared = new WeakSet<pg.PoolClient>()

  async function connect(): Promise<PostgresPoolClient> {
    const client = await pool.connect()
    // Ends a client that waits for a response by destroying its socket.
    const end = () => void client.end().catch(() => {})
    const timer = isPatient ? undefined : setTimeout(end, MAX_OPERATION_MS)
    let isUseless = false

    async function query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
      try {
        return await client.query(text, values)
      } catch (error) {
        isUseless ||= isConnectionUseless(error)
        throw error
      }
    }

    function release(): void {
      clearTimeout(timer)
      client.release(isUseless)
    }

    try {
      // Not as a parameter of the connection, which a pooler may reject.
      if (!prepared.has(client)) await query(`set statement_timeout = ${isPatient ? 0 : MAX_STATEMENT_MS}`)
      prepared.add(client)
      return { query: query as unknown as PostgresPoolClient['query'], release }
    } catch (error) {
      release()
      throw error
    }
  }

  return { connect, end: () => pool.end() }
}
