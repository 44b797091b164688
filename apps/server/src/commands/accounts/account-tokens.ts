import { randomBytes } from 'node:crypto'
import type { Scope } from '@gitmsg/accounts'
import { toApiToken } from '../../http/routes/accounts/api-account.js'
import { type CommandContext, type JsonFlag, jsonLine } from '../command-context.js'
import { ACTOR, withAccounts } from './with-accounts.js'

/** What `gitmsg token create --account` is given. */
export interface AccountTokenFlags extends JsonFlag {
  readonly account: string
  readonly scope: readonly Scope[]
  readonly sender?: string
  readonly name?: string
  readonly days?: number
}

const DEFAULT_DAYS = 365

/** Creates an access token of an account, and prints its secret, which is not stored. */
export async function createAccountToken(context: CommandContext, flags: AccountTokenFlags): Promise<void> {
  const { account: handle, scope: scopes, sender, days = DEFAULT_DAYS, json = false } = flags
  const { name = `token-${randomBytes(3).toString('hex')}` } = flags
  await withAccounts(context, async ({ tokens }) => {
    const created = await tokens.create({ handle, scopes, sender, name, days, actor: ACTOR })
    const { token } = created
    await context.print(json ? jsonLine({ ...toApiToken(created), token }) : `${token}\n`)
  })
}
