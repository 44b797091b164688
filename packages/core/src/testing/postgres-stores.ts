import type { Store } from '@gitmsg/store'
import { openPostgresStore } from '@gitmsg/store/postgres'
import { createTemporaryDatabases, findPostgres } from '@gitmsg/test-postgres'
import { afterAll, beforeEach } from 'vitest'

/**
 * Takes the place of `@gitmsg/store/testing` where tests run on PostgreSQL: see `vitest.config.ts`. Without a server
 * they are skipped.
 */
const server = await findPostgres()
const databases = createTemporaryDatabases(server ?? '', {
  schema: 'gitmsg',
  prepare: async (url) => (await openPostgresStore({ url })).close(),
})

beforeEach((context) => {
  if (server === null) context.skip()
})
afterAll(() => databases[Symbol.asyncDispose]())

/** Opens a store on an empty database. */
export async function openTemporaryStore(): Promise<Store> {
  const url = await databases.take()
  const store = await openPostgresStore({ url, connections: 4 })
  let closing: Promise<void> | undefined

  function close(): Promise<void> {
    closing ??= store.close().then(() => databases.giveBack(url))
    return closing
  }
  return { ...store, close, [Symbol.asyncDispose]: close }
}
