import type { Accounts } from '@gitmsg/accounts'
import { openPostgresAccounts } from '@gitmsg/accounts/postgres'
import { openPostgresStore } from '@gitmsg/store/postgres'
import { createDatabase, findPostgres, startCuttingProxy, type TestDatabase } from '@gitmsg/test-postgres'
import { onTestFinished } from 'vitest'
import { openAccountServer } from './servers/open-account-server.js'
import { openTestServer } from './servers/open-test-server.js'

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
  const connection = await openConnection()
  const server = await openTestServer({ store: await connection.openStore() })
  return { ...server, ...connection, [Symbol.asyncDispose]: () => connection.close(server) }
}

/** The same with accounts; `openOther` opens them again, as another server does. */
export async function openPostgresAccountServer() {
  const connection = await openConnection()
  const openOther = (url = connection.databaseUrl): Promise<Accounts> =>
    openPostgresAccounts({ url, busyTimeout: 200, passwordCost: { memory: 64, passes: 1 } })
  const accounts = await openOther(connection.proxy.url)
  const server = await openAccountServer({ accounts, store: await connection.openStore() })
  return { ...server, ...connection, openOther, [Symbol.asyncDispose]: () => connection.close(server) }
}

async function openConnection() {
  const { url: databaseUrl } = await openTestDatabase()
  const proxy = await startCuttingProxy(databaseUrl)
  const open = () => openPostgresStore({ url: proxy.url, busyTimeout: 200 })
  return {
    databaseUrl,
    proxy,
    openStore: async () => ({ ...(await open()), other: open }),
    async close(server: AsyncDisposable) {
      proxy.reconnect()
      await server[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
