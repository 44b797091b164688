export type { AccountsFixture, OpenAccountsFixture } from './accounts-fixture.js'
export { describeAccountsContract } from './describe-accounts-contract.js'
export { openTemporaryAccounts, type TemporaryAccounts } from './temporary-accounts.js'
