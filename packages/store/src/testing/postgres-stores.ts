import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, beforeEach } from 'vitest'
import { openPostgresStore } from '../postgres/open-postgres-store.js'
import { createStoreDatabases } from './postgres-databases.js'
import type { TemporaryStore } from './temporary-store.js'

export { newMessage } from './messages.js'

/**
 * Takes the place of `@gitmsg/store/testing` where tests run on PostgreSQL: see `vitest.config.ts`. Without a server
 * they are skipped.
 */
const server = await findPostgres()
const databases = createStoreDatabases(server ?? '')

beforeEach((context) => {
  if (server === null) context.skip()
})
afterAll(() => databases[Symbol.asyncDispose]())

/** Opens a store on an empty database. */
export async function openTemporaryStore(): Promise<Omit<TemporaryStore, 'path'>> {
  const url = await databases.take()
  const other = () => openPostgresStore({ url, connections: 4 })
  const store = await other()
  let closing: Promise<void> | undefined

  function close(): Promise<void> {
    closing ??= store.close().then(() => databases.giveBack(url))
    return closing
  }
  return { ...store, other, close, [Symbol.asyncDispose]: close }
}
