import * as files from 'node:fs'
import { parseMessageInput } from '@gitmsg/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isScope, isTokenName, SCOPES, type Scope } from '../access/access-token.js'
import { createToken, listTokens, revokeToken, type TokenDescription } from '../access/manage-tokens.js'
import { readSettings } from '../config/read-settings.js'
import { ConfigError, type Environment } from '../config/server-config.js'
import { createSettingsReader } from '../config/settings-reader.js'
import { parseHandle } from './accounts/account-command.js'
import { createAccountToken } from './accounts/account-tokens.js'
import { parseNumber } from './accounts/invite-command.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from './command-context.js'

const MAX_DAYS = 3_650

interface CreateFlags extends JsonFlag {
  readonly scope: readonly Scope[]
  readonly sender?: string
  readonly name?: string
  readonly account?: string
  readonly days?: number
}

/** Adds `gitmsg token` with its subcommands. */
export function addTokenCommand(program: Command, context: CommandContext): void {
  const token = program
    .command('token')
    .description('manage the access tokens in GITMSG_TOKENS_FILE, or those of an account')

  token
    .command('create')
    .description('create a token and print it; it is not stored and cannot be printed again')
    .addOption(
      new Option('--scope <list>', 'what the token allows; separate several with commas')
        .choices(SCOPES)
        .argParser(parseScopes)
        .makeOptionMandatory(),
    )
    .option(
      '--sender <name>',
      'the only sender that the token may post as and whose messages it may change; default: any, and none',
      parseSender,
    )
    .option('--name <name>', 'a name to list and revoke the token by; default: a random name', parseName)
    .option('--account <name>', 'the account of the token, which is not in the file then', parseHandle)
    .option('--days <number>', 'with --account: when it ends; default: 365', parseNumber(MAX_DAYS))
    .option('--json', 'print JSON')
    .action((flags: CreateFlags) => runCreate(context, flags))

  token
    .command('list')
    .description('list the tokens with their names, scopes and senders')
    .option('--json', 'print JSON: a line for each token')
    .action((flags: JsonFlag) => runList(context, flags))

  token
    .command('revoke')
    .description('revoke a token; a running server rejects it from then on')
    .argument('<name>', 'the name of the token')
    .option('--json', 'print JSON')
    .action((name: string, flags: JsonFlag) => runRevoke(context, name, flags))
}

async function runCreate(context: CommandContext, flags: CreateFlags): Promise<void> {
  const { environment, print } = context
  const { scope: scopes, sender, name, account, json = false } = flags
  if (account !== undefined) return createAccountToken(context, { ...flags, account })
  const created = createToken(tokensFile(environment), { scopes, sender, name })
  await print(json ? jsonLine(created) : `${created.token}\n`)
}

async function runList(
  { environment, print, paint }: CommandContext,
  { json = false }: JsonFlag,
): Promise<void> {
  const tokens = listTokens(tokensFile(environment))
  const lines = tokens.map((token) => (json ? jsonLine(token) : describeToken(token, paint)))
  await print(lines.join(''))
}

async function runRevoke(
  { environment, print }: CommandContext,
  name: string,
  { json = false }: JsonFlag,
): Promise<void> {
  revokeToken(tokensFile(environment), name)
  if (json) await print(jsonLine({ revoked: name }))
}

/** @throws {ConfigError} if the setting is absent */
function tokensFile(environment: Environment): string {
  const { problems, text } = createSettingsReader(readSettings(environment, files))
  if (problems.length > 0) throw new ConfigError(problems)
  const path = text('GITMSG_TOKENS_FILE')
  if (!path?.trim()) throw new ConfigError(['GITMSG_TOKENS_FILE must be set to the path of the tokens file'])
  return path
}

/** Formats a token for people, in columns. */
export function describeToken(token: TokenDescription, paint: Paint): string {
  const { name, scopes, sender, created_at } = token
  const columns = [paint('bold', name.padEnd(20)), scopes.join(',').padEnd(25), created_at]
  return `${columns.join(' ')} ${sender ?? 'any sender'}\n`
}

function parseScopes(text: string): Scope[] {
  const scopes = [...new Set(text.split(','))]
  if (scopes.every(isScope)) return scopes
  throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`)
}

function parseSender(sender: string): string {
  try {
    return parseMessageInput({ content: 'x', sender }).sender
  } catch {
    throw new InvalidArgumentError('A message cannot have this sender.')
  }
}

function parseName(name: string): string {
  if (isTokenName(name)) return name
  throw new InvalidArgumentError('A name has 1 to 64 letters, digits, ".", "_" and "-".')
}
