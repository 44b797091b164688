import { openAccounts } from '@gitmsg/accounts'
import { describeAccountsContract, openTemporaryAccounts } from '@gitmsg/accounts/testing'

describeAccountsContract('SQLite', async (options) => {
  const accounts = await openTemporaryAccounts(options)
  const opened = [accounts]
  return {
    accounts,
    async other() {
      const another = await openAccounts({ ...options, path: accounts.path })
      opened.unshift(another)
      return another
    },
    async dispose() {
      for (const one of opened) await one.close()
    },
  }
})
