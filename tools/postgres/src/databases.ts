import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A database of a test. */
export interface TestDatabase {
  readonly url: string
  /** Ends all connections to it, and removes it. */
  drop(): Promise<void>
}

/** Creates an empty database on the server of this URL or, given a template, a copy of that database. */
export async function createDatabase(server: string, template?: string): Promise<TestDatabase> {
  const name = `gitmsg_test_${randomUUID().replaceAll('-', '')}`
  const from = template === undefined ? '' : ` template ${nameOf(template)}`
  await query(server, `create database ${name}${from}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => void (await query(server, `drop database if exists ${name} with (force)`)),
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

/** Runs statements on a connection of their own. */
export async function query<Row = unknown>(url: string, statements: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statements)).rows
  } finally {
    await client.end()
  }
}
