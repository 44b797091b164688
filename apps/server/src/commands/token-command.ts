import { parseMessageInput } from '@gitmsg/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { SCOPES, type Scope } from '../access/access-token.js'
import { createToken, listTokens, revokeToken, type TokenDescription } from '../access/manage-tokens.js'
import { isScope, isTokenName } from '../access/tokens-file.js'
import { ConfigError, type Environment } from '../config/server-config.js'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import type { Paint } from './create-paint.js'

interface CreateFlags extends JsonFlag {
  readonly scope: readonly Scope[]
  readonly sender?: string
  readonly name?: string
}

export function addTokenCommand(program: Command, context: CommandContext): void {
  const { environment, print, paint } = context
  const token = program.command('token').description('manage the access tokens in GITMSG_TOKENS_FILE')

  token
    .command('create')
    .description('make a token, and print it: it is kept nowhere and shown this once')
    .addOption(
      new Option('--scope <list>', 'what it is good for; several with commas')
        .choices(SCOPES)
        .argParser(parseScopes)
        .makeOptionMandatory(),
    )
    .option('--sender <name>', 'the only sender that it may post as; default: any', parseSender)
    .option('--name <name>', 'what to call it; default: a random name', parseName)
    .option('--json', 'say it in JSON')
    .action(async ({ scope, sender, name, json = false }: CreateFlags) => {
      const created = createToken(tokensFile(environment), { scopes: scope, sender, name })
      await print(json ? toLine(created) : `${created.token}\n`)
    })

  token
    .command('list')
    .description('show what there is: names, scopes, senders')
    .option('--json', 'say it in JSON, a line for each')
    .action(async ({ json = false }: JsonFlag) => {
      const tokens = listTokens(tokensFile(environment))
      const lines = tokens.map((token) => (json ? toLine(token) : describeToken(token, paint)))
      await print(lines.join(''))
    })

  token
    .command('revoke')
    .description('make a token useless, from now on')
    .argument('<name>', 'which one')
    .option('--json', 'say it in JSON')
    .action(async (name: string, { json = false }: JsonFlag) => {
      revokeToken(tokensFile(environment), name)
      if (json) await print(toLine({ revoked: name }))
    })
}

/** @throws {ConfigError} where the setting is absent */
function tokensFile({ GITMSG_TOKENS_FILE }: Environment): string {
  if (!GITMSG_TOKENS_FILE?.trim())
    throw new ConfigError(['GITMSG_TOKENS_FILE must say which file has the tokens'])
  return GITMSG_TOKENS_FILE
}

function describeToken({ name, scopes, sender, created_at }: TokenDescription, paint: Paint): string {
  const columns = [paint('bold', name.padEnd(20)), scopes.join(',').padEnd(16), created_at]
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
    throw new InvalidArgumentError('No message could have this sender.')
  }
}

function parseName(name: string): string {
  if (isTokenName(name)) return name
  throw new InvalidArgumentError('A name has 1 to 64 letters, digits, and ".", "_", "-".')
}
