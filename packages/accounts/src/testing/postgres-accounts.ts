import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll } from 'vitest'
import type { Accounts, AccountsOptions } from '../accounts.js'
import { openPostgresAccounts } from '../postgres/open-postgres-accounts.js'
import { CHEAP } from './accounts-fixture.js'
import { createAccountsDatabases } from './postgres-databases.js'

/** Takes the place of `@gitmsg/accounts/testing` where tests run on PostgreSQL: see `vitest.config.ts`. */
const databases = createAccountsDatabases((await findPostgres()) ?? '')
afterAll(() => databases[Symbol.asyncDispose]())

/** Opens empty accounts. */
export async function openTemporaryAccounts(options: AccountsOptions = {}): Promise<Accounts> {
  const url = await databases.take()
  const accounts = await openPostgresAccounts({ passwordCost: CHEAP, ...options, url })
  let closing: Promise<void> | undefined

  function close(): Promise<void> {
    closing ??= accounts.close().then(() => databases.giveBack(url))
    return closing
  }
  return { ...accounts, close, [Symbol.asyncDispose]: close }
}
