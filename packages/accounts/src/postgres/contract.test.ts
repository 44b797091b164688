import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe } from 'vitest'
import type { Accounts } from '../index.js'
import { describeAccountsContract } from '../testing/describe-accounts-contract.js'
import { createAccountsDatabases } from '../testing/postgres-databases.js'
import { openPostgresAccounts } from './index.js'

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createAccountsDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  describeAccountsContract('PostgreSQL', async (options) => {
    const url = await databases.take()
    const all: Accounts[] = []
    async function open(): Promise<Accounts> {
      const accounts = await openPostgresAccounts({ ...options, url })
      all.push(accounts)
      return accounts
    }
    return {
      accounts: await open(),
      other: open,
      async dispose() {
        await Promise.all(all.map((accounts) => accounts.close()))
        await databases.giveBack(url)
      },
    }
  })
})
