import { describe } from 'vitest'
import type { OpenAccountsFixture } from './accounts-fixture.js'
import { describeAccountsTable } from './contract/accounts.js'
import { describeLinks } from './contract/links.js'
import { describeModeration } from './contract/moderation.js'
import { describeSigningIn } from './contract/signing-in.js'
import { describeTokens } from './contract/tokens.js'

/**
 * Defines the tests that every implementation of `Accounts` must pass. Call it in a vitest test file. `open` is called
 * once for each test and must resolve with accounts on an empty database.
 */
export function describeAccountsContract(name: string, open: OpenAccountsFixture): void {
  describe(`Accounts contract: ${name}`, () => {
    describeAccountsTable(open)
    describeSigningIn(open)
    describeTokens(open)
    describeLinks(open)
    describeModeration(open)
  })
}
