import type { Accounts } from '@gitmsg/accounts'
import type { ServerConfig } from '../../config/server-config.js'
import { openAccountsDatabase } from '../../open-accounts.js'
import type { CommandContext } from '../command-context.js'

/** Who the audit names for what a command did: who may write to the database. */
export const ACTOR = 'command line'

const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::']

/** Runs `work` with the accounts, which servers may be using. */
export async function withAccounts(
  { readConfig }: CommandContext,
  work: (accounts: Accounts, config: ServerConfig) => Promise<void>,
): Promise<void> {
  const config = await readConfig()
  await using accounts = await openAccountsDatabase(config)
  await work(accounts, config)
}

/** A link to the page of the server, with its secret in the fragment. */
export function linkFor({ accounts, host, port }: ServerConfig, secret: string): string {
  const name = ANY_ADDRESS.includes(host) ? '127.0.0.1' : host
  const address = name.includes(':') ? `[${name}]` : name
  return `${accounts?.publicUrl ?? `http://${address}:${port}/`}#${secret}`
}
