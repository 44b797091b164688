import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe } from 'vitest'
import type { Store } from '../index.js'
import { describeStoreContract } from '../testing/index.js'
import { createStoreDatabases } from '../testing/postgres-databases.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  describeStoreContract('PostgreSQL', async ({ clock }) => {
    const url = await databases.take()
    const open = () => openPostgresStore({ url, clock })
    const stores: Store[] = [await open()]
    return {
      store: stores[0] as Store,
      async other() {
        const other = await open()
        stores.push(other)
        return other
      },
      async dispose() {
        await Promise.all(stores.map((store) => store.close()))
        await databases.giveBack(url)
      },
    }
  })
})
