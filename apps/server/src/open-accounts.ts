import { join } from 'node:path'
import { type Accounts, openAccounts } from '@gitmsg/accounts'
import type { Engine } from '@gitmsg/core'
import type { Logger } from 'pino'
import { ACCOUNTS_FILE } from './config/data-directory.js'
import type { ServerConfig } from './config/server-config.js'
import { type Approvals, createApprovals } from './http/posting/approvals.js'
import type { AccountParts } from './http/routes/accounts/add-account-routes.js'

/** What a server with accounts runs on, until it is disposed of. */
export interface OpenAccountParts extends AccountParts, AsyncDisposable {}

/** Opens the accounts of a server; `null` if it has none. Completes approvals that a crash has interrupted. */
export async function openAccountParts(
  { accounts: config, dataDirectory }: Pick<ServerConfig, 'accounts' | 'dataDirectory'>,
  { engine, logger }: { engine: Engine; logger: Logger },
): Promise<OpenAccountParts | null> {
  if (!config) return null
  const accounts = await openAccountsDatabase({ dataDirectory })
  const approvals: Approvals = createApprovals({ engine, accounts, logger })
  await approvals.resume()
  if (!(await accounts.hasAdmin())) {
    logger.warn('no account has the role admin: create one with gitmsg account create NAME --admin')
  }
  return { accounts, config, approvals, [Symbol.asyncDispose]: accounts.close }
}

/** Opens the accounts in the data directory. Creates the database if it is absent; a server may be using it. */
export const openAccountsDatabase = ({
  dataDirectory,
}: Pick<ServerConfig, 'dataDirectory'>): Promise<Accounts> =>
  openAccounts({ path: join(dataDirectory, ACCOUNTS_FILE) })
