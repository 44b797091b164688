import { createDatabase, query, type TestDatabase } from './databases.js'

/** Options of {@link createTemporaryDatabases}. */
export interface TemporaryDatabaseOptions {
  /** The schema that tests write to. */
  readonly schema: string
  /** Creates the tables in an empty database. */
  readonly prepare: (url: string) => Promise<void>
}

/** Databases on one server, for one test after the other. */
export interface TemporaryDatabases extends AsyncDisposable {
  /** The URL of a database that is as it was after `prepare`. */
  take(): Promise<string>
  /** Takes a database back, once nothing uses it any more. */
  giveBack(url: string): Promise<void>
}

/** Keeps databases for tests: resetting one takes some milliseconds, creating one some hundred. */
export function createTemporaryDatabases(
  server: string,
  { schema, prepare }: TemporaryDatabaseOptions,
): TemporaryDatabases {
  const all: TestDatabase[] = []
  const free: string[] = []
  let reset = ''

  async function create(): Promise<string> {
    const database = await createDatabase(server)
    all.push(database)
    await prepare(database.url)
    reset ||= await describeReset(database.url, schema)
    return database.url
  }

  return {
    take: async () => free.pop() ?? create(),
    async giveBack(url) {
      await query(url, reset)
      free.push(url)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((database) => database.drop()))
    },
  }
}

/**
 * The statements that give every table of a schema the rows that it has now: few, in a new database. To truncate the
 * tables would take ten times as long.
 */
async function describeReset(url: string, schema: string): Promise<string> {
  // Those that refer to others come first.
  const tables = await query<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     left join pg_constraint on contype = 'f' and conrelid = format('%I.%I', schemaname, tablename)::regclass
     where schemaname = '${schema}' group by 1 order by count(conname) desc`,
  )
  const statements: string[] = []
  for (const { name } of tables) {
    const [row] = await query<{ rows: string | null }>(
      url,
      `select json_agg(t)::text as rows from ${name} as t`,
    )
    statements.push(`delete from ${name}`)
    if (!row?.rows) continue
    const rows = row.rows.replaceAll("'", "''")
    statements.push(`insert into ${name} select * from json_populate_recordset(null::${name}, '${rows}')`)
  }
  const sequences = await query<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, sequencename) as name from pg_sequences where schemaname = '${schema}'`,
  )
  return [...statements, ...sequences.map(({ name }) => `alter sequence ${name} restart`)].join('; ')
}
