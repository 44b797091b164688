import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Schema } from '../../database/schema.js'
import { BIGINTS_AS_NUMBERS } from '../../postgres/connections.js'
import { openDatabase, type PostgresDatabase } from '../../postgres/database.js'
import { createReader } from '../../postgres/reader.js'

/** How often a step of a plan has run, and what it has read each time, on average. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

/** What a step of a query has read of a table or an index. */
interface Scan {
  /** For people: how, and of what. */
  readonly what: string
  readonly rows: number
  readonly sql: string
}

/** A database on which every query that reads is explained, too, as the planner has really run it. */
export interface WatchedDatabase extends AsyncDisposable {
  readonly database: PostgresDatabase
  /** What was scanned since the last call. */
  takeScans(): Scan[]
}

export async function openWatchedDatabase(url: string): Promise<WatchedDatabase> {
  const [schema, signal] = ['gitmsg', undefined]
  const database = await openDatabase({
    ...{ url, schema, connections: 1, busyTimeoutMs: 1_000, signal, listenUrl: null },
    ...{ migrate: true, onMigrate() {}, onNewerSchema: undefined },
  })
  const client = new pg.Client({ connectionString: url, types: BIGINTS_AS_NUMBERS })
  await client.connect()
  let scans: Scan[] = []

  async function watch(sql: string, parameters: unknown[]): Promise<pg.QueryResult> {
    const explained = await client.query(`explain (analyze, timing off, format json) ${sql}`, parameters)
    scans.push(...scansOf(explained.rows[0]['QUERY PLAN'][0].Plan, sql))
    return client.query(sql, parameters)
  }
  const watched = { query: watch, release() {} } as unknown as pg.PoolClient
  const pool = { connect: async () => watched, end: async () => {} }
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema)
  const reader = createReader(queries, schema)
  const snapshot: PostgresDatabase['snapshot'] = async (work, ...statements) => {
    const settings = statements.filter((statement) => statement.startsWith('set'))
    await client.query(['begin', ...settings].join('; '))
    try {
      const results: (readonly unknown[])[] = []
      for (const statement of statements.filter((one) => !settings.includes(one))) {
        results.unshift((await watch(statement, [])).rows)
      }
      return await work(reader, ...results)
    } finally {
      await client.query('rollback')
    }
  }

  return {
    database: { ...database, snapshot, read: (work) => work(reader) },
    takeScans() {
      const taken = scans
      scans = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      await client.end()
      await database.close()
    },
  }
}

function scansOf(node: PlanNode, sql: string): Scan[] {
  const { 'Node Type': type, 'Index Name': index, 'Relation Name': table, Plans: parts = [] } = node
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  const rows = Math.round((node['Actual Rows'] + removed) * node['Actual Loops'])
  const isScan = index !== undefined || table !== undefined
  const own = isScan ? [{ what: [type, index, table].filter(Boolean).join(' '), rows, sql }] : []
  return [...own, ...parts.flatMap((part) => scansOf(part, sql))]
}
