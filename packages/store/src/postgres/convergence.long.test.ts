import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe, it } from 'vitest'
import { createStoreDatabases } from '../testing/postgres-databases.js'
import { expectConvergence } from '../testing/version-model.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  async function openTemporaryStore() {
    const url = await databases.take()
    const store = await openPostgresStore({ url, connections: 2 })
    async function close(): Promise<void> {
      await store.close()
      await databases.giveBack(url)
    }
    return { ...store, close }
  }

  it.each(['none', 'rollbacks', 'purges'] as const)(
    'three servers converge, whatever they lose, with these rewritings of the history: %s',
    (rewriting) => expectConvergence(rewriting, { numRuns: 4 }, openTemporaryStore),
  )
})
