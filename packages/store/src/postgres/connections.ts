import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Schema } from '../database/schema.js'
import { toStoreError } from './postgres-error.js'

/** The type of `bigint`, which `pg` returns as text. All of ours are safe integers. */
const BIGINT = 20
const CONNECT_TIMEOUT_MS = 3_000
/** A connection that is used for longer is destroyed: the other end may be gone without a sign. */
const MAX_OPERATION_MS = 6_000
/** Ends the statement of a connection that was destroyed. */
const MAX_STATEMENT_MS = 5_500

/** Which values the driver converts: those that it does by default, and `bigint`. */
export const BIGINTS_AS_NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    (type as number) === BIGINT && format !== 'binary' ? Number : pg.types.getTypeParser(type, format),
}

/** One connection, for the time of an operation. */
export interface Connection {
  readonly client: pg.PoolClient
  /** Runs its queries on this connection, in the schema of the store. */
  readonly queries: Kysely<Schema>
}

/** The connections of a store. */
export interface Connections {
  /**
   * Runs an operation on a connection, which is destroyed if it fails or takes longer than {@link MAX_OPERATION_MS}.
   * `lastStatement` ends what the operation began; a result does not wait for it.
   */
  run<Result>(operation: (connection: Connection) => Promise<Result>, lastStatement?: string): Promise<Result>
  /** Runs a statement on a connection of its own, without a limit of time. */
  runAlone(statement: string): Promise<void>
  /** Closes all connections, once their operations have ended. */
  close(): Promise<void>
}

/** Options of {@link openConnections}. */
export interface ConnectionOptions {
  readonly url: string
  readonly schema: string
  /** The maximum number of connections. */
  readonly connections: number
}

/** Creates the connections of a store, none of which is open yet. */
export function openConnections({ url, schema, connections }: ConnectionOptions): Connections {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'gitmsg',
    types: BIGINTS_AS_NUMBERS,
  })
  // A connection that is lost while it is idle is replaced, and one in use fails its query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const bound = new WeakMap<pg.PoolClient, Kysely<Schema>>()

  async function prepare(client: pg.PoolClient): Promise<Connection> {
    const known = bound.get(client)
    if (known) return { client, queries: known }
    await client.query(`set statement_timeout = ${MAX_STATEMENT_MS}`)
    const queries = bindQueries(client).withSchema(schema)
    bound.set(client, queries)
    return { client, queries }
  }

  return {
    async run(operation, lastStatement) {
      const client = await pool.connect()
      // Ends a client that waits for a response by destroying its socket.
      const timer = setTimeout(() => void client.end().catch(() => {}), MAX_OPERATION_MS)
      function release(isUsable: boolean): void {
        clearTimeout(timer)
        client.release(!isUsable)
      }
      async function end(): Promise<void> {
        if (lastStatement !== undefined) await client.query(lastStatement)
      }
      try {
        const result = await operation(await prepare(client))
        end().then(
          () => release(true),
          () => release(false),
        )
        return result
      } catch (error) {
        const hasEnded = await end().then(
          () => true,
          () => false,
        )
        release(hasEnded && !['unavailable', 'unwritable'].includes(toStoreError(error).code))
        throw error
      }
    },
    async runAlone(statement) {
      const client = new pg.Client({ connectionString: url, keepAlive: true })
      client.on('error', () => {})
      await client.connect()
      try {
        await client.query(statement)
      } finally {
        await client.end()
      }
    },
    close: () => pool.end(),
  }
}

/** Kysely has a pool of one connection, which is not its own to release. */
function bindQueries(client: pg.PoolClient): Kysely<Schema> {
  const only = {
    query: client.query.bind(client),
    release() {},
  } as pg.PoolClient
  const pool = { connect: async () => only, end: async () => {} }
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}
