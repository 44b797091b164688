import { createDatabase, findPostgres } from '@gitmsg/test-postgres'
import { it, onTestFinished } from 'vitest'
import { expectBoundedReads } from '../testing/on-postgres/expect-bounded-reads.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

it.skipIf(server === null)(
  'no list, search or feed on PostgreSQL reads more than a fixed number of rows in a step, by any two filters',
  async () => {
    const { url, drop } = await createDatabase(server ?? '')
    onTestFinished(drop)
    await (await openPostgresStore({ url })).close()
    await expectBoundedReads(url, 30_000, 2)
  },
)
