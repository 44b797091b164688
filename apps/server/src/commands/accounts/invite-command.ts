import { ROLES, type Role } from '@gitmsg/accounts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type CommandContext, type JsonFlag, jsonLine } from '../command-context.js'
import { ACTOR, linkFor, withAccounts } from './with-accounts.js'

interface InviteFlags extends JsonFlag {
  readonly role: Role
  readonly uses: number
  readonly days: number
}

const MAX_USES = 1_000
const MAX_DAYS = 365

/** Adds `gitmsg invite`. */
export function addInviteCommand(program: Command, context: CommandContext): void {
  program
    .command('invite')
    .description('print a link with which people make accounts')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('member'))
    .option('--uses <number>', 'how many accounts', parseNumber(MAX_USES), 1)
    .option('--days <number>', 'when it ends', parseNumber(MAX_DAYS), 7)
    .option('--json', 'print JSON')
    .action((flags: InviteFlags) => runInvite(context, flags))
}

async function runInvite(
  context: CommandContext,
  { role, uses, days, json = false }: InviteFlags,
): Promise<void> {
  await withAccounts(context, async (accounts, config) => {
    const { secret, expires_at } = await accounts.links.invite({ role, uses, days, actor: ACTOR })
    const link = linkFor(config, secret)
    await context.print(json ? jsonLine({ link, role, uses, expires_at }) : `${link}\n`)
  })
}

/** Parses a whole number from 1 to `max`. */
export const parseNumber =
  (max: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
    if (number >= 1 && number <= max) return number
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
  }
