import { openPostgresStore } from '@gitmsg/store/postgres'
import { createDatabase, findPostgres, startCuttingProxy, type TestDatabase } from '@gitmsg/test-postgres'
import { onTestFinished } from 'vitest'
import { openTestServer } from './open-test-server.js'

/** The URL of the PostgreSQL of this run; `null` if there is none, which is printed. */
export const POSTGRES = await findPostgres()

/** Creates an empty database for one test. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const database = await createDatabase(POSTGRES ?? '')
  onTestFinished(database.drop)
  return database
}

/** A server on a database of its own, and the proxy between them, which can cut the connections. */
export async function openPostgresServer() {
  const { url } = await openTestDatabase()
  const proxy = await startCuttingProxy(url)
  const open = () => openPostgresStore({ url: proxy.url, busyTimeout: 200 })
  const server = await openTestServer({ store: { ...(await open()), other: open } })
  return {
    ...server,
    url,
    proxy,
    async [Symbol.asyncDispose]() {
      proxy.reconnect()
      await server[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
