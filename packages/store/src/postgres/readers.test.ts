import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe, it } from 'vitest'
import { expectNothingMissed } from '../testing/on-postgres/readers-and-writers.js'
import { createStoreDatabases } from '../testing/postgres-databases.js'

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  it('a reader that pages by id, and one that follows the feed, miss nothing while three stores write', async () => {
    const url = await databases.take()
    await expectNothingMissed(url, 800)
    await databases.giveBack(url)
  })
})
