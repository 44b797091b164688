import { type Account, type Accounts, isHandle, ROLES, type Role } from '@gitmsg/accounts'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import type { ServerConfig } from '../../config/server-config.js'
import { toApiAccount } from '../../http/routes/accounts/api-account.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from '../command-context.js'
import { ACTOR, linkFor, withAccounts } from './with-accounts.js'

interface CreateFlags extends JsonFlag {
  readonly admin?: boolean
  readonly service?: boolean
}

/** A person has time to open the first link; one for a forgotten password is used at once. */
const FIRST_LINK_HOURS = 168
const PAGE = 1_000

const name = () => new Argument('<name>', 'the handle of the account').argParser(parseHandle)

/** Adds `gitmsg account` with its subcommands. */
export function addAccountCommand(program: Command, context: CommandContext): void {
  const account = program.command('account').description('manage the accounts of people and services')

  account
    .command('create')
    .description('create an account; prints a link with which a person chooses a password, within a week')
    .addArgument(name())
    .option('--admin', 'with the role admin; default: member')
    .option('--service', 'for a program: it has tokens only, see gitmsg token create --account')
    .option('--json', 'print JSON')
    .action((handle: string, flags: CreateFlags) => runCreate(context, handle, flags))

  account
    .command('list')
    .description('list the accounts')
    .option('--json', 'print JSON: a line for each account, in the format of GET /accounts')
    .action((flags: JsonFlag) => runList(context, flags))

  account
    .command('role')
    .description('give an account another role')
    .addArgument(name())
    .addArgument(new Argument('<role>', 'the role').choices(ROLES))
    .option('--json', 'print JSON')
    .action((handle: string, role: Role, flags: JsonFlag) => runChange(context, handle, { ...flags, role }))

  account
    .command('disable')
    .description('reject all tokens of an account from now on, and end its sessions')
    .addArgument(name())
    .option('--enable', 'take it back: its access tokens are valid again')
    .option('--json', 'print JSON')
    .action((handle: string, { enable = false, json }: JsonFlag & { enable?: boolean }) =>
      runChange(context, handle, { ...(json && { json }), disabled: !enable }),
    )

  account
    .command('reset')
    .description('print a link with which a person chooses a new password, within an hour')
    .addArgument(name())
    .option('--json', 'print JSON')
    .action((handle: string, flags: JsonFlag) => runReset(context, handle, flags))
}

async function runCreate(
  context: CommandContext,
  handle: string,
  { admin = false, service = false, json = false }: CreateFlags,
): Promise<void> {
  await withAccounts(context, async (accounts, config) => {
    const account = await accounts.create({
      handle,
      kind: service ? 'service' : 'person',
      role: admin ? 'admin' : 'member',
      actor: ACTOR,
    })
    const link = service ? {} : await createLink(accounts, handle, { config, hours: FIRST_LINK_HOURS })
    const text = link.link ?? `${handle} created`
    await context.print(json ? jsonLine({ ...toApiAccount(account), ...link }) : `${text}\n`)
  })
}

async function runReset(context: CommandContext, handle: string, { json = false }: JsonFlag): Promise<void> {
  await withAccounts(context, async (accounts, config) => {
    const link = await createLink(accounts, handle, { config, hours: 1 })
    await context.print(json ? jsonLine({ handle, ...link }) : `${link.link}\n`)
  })
}

async function createLink(
  accounts: Accounts,
  handle: string,
  { config, hours }: { config: ServerConfig; hours: number },
): Promise<{ link?: string; expires_at?: string }> {
  const { secret, expires_at } = await accounts.links.createReset(handle, { actor: ACTOR, hours })
  return { link: linkFor(config, secret), expires_at }
}

async function runList(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { print, paint } = context
  await withAccounts(context, async (accounts) => {
    let page = await accounts.list({ limit: PAGE })
    while (page.length > 0) {
      for (const account of page) {
        await print(json ? jsonLine(toApiAccount(account)) : describeAccount(account, paint))
      }
      page = await accounts.list({ limit: PAGE, after: page.at(-1)?.handle ?? '' })
    }
  })
}

async function runChange(
  context: CommandContext,
  handle: string,
  { json = false, ...changes }: JsonFlag & { role?: Role; disabled?: boolean },
): Promise<void> {
  await withAccounts(context, async (accounts) => {
    const account = await accounts.change(handle, { ...changes, actor: ACTOR })
    await context.print(json ? jsonLine(toApiAccount(account)) : describeAccount(account, context.paint))
  })
}

/** Formats an account for people, in columns. */
function describeAccount(account: Account, paint: Paint): string {
  const { handle, kind, role, disabled, created_at } = account
  const columns = [paint('bold', handle.padEnd(32)), kind.padEnd(8), role.padEnd(10), created_at]
  return `${columns.join(' ')}${disabled ? ' disabled' : ''}\n`
}

export function parseHandle(handle: string): string {
  if (isHandle(handle)) return handle
  throw new InvalidArgumentError('A handle has 1 to 32 letters a to z, digits, ".", "_" and "-".')
}
