import { randomBytes } from 'node:crypto'
import * as files from 'node:fs'
import { parseMessageInput } from '@gitmsg/core'
import { type Command, InvalidArgumentError } from 'commander'
import { type AccessToken, createSecret, digestOf, SCOPES, type Scope } from '../access/access-token.js'
import { changeTokensFile } from '../access/change-tokens-file.js'
import { isScope, isTokenName, readTokensFile } from '../access/tokens-file.js'
import { ConfigError, type Environment } from '../config/server-config.js'
import type { CommandContext } from './command-context.js'

interface NewToken {
  readonly scope: readonly Scope[]
  readonly sender?: string
  readonly name?: string
}

export function addTokenCommand(program: Command, { process, environment }: CommandContext): void {
  const token = program.command('token').description('manage the access tokens in GITMSG_TOKENS_FILE')

  token
    .command('create')
    .description('make a token, and print it: it is kept nowhere and shown this once')
    .requiredOption('--scope <list>', `any of ${SCOPES.join(', ')}, with commas`, parseScopes)
    .option('--sender <name>', 'the only sender that it may post as; default: any', parseSender)
    .option('--name <name>', 'what to call it; default: a random name', parseName)
    .action((wanted: NewToken) => {
      process.stdout.write(`${createToken(tokensFile(environment), wanted)}\n`)
    })

  token
    .command('list')
    .description('show what there is: names, scopes, senders')
    .action(() => {
      process.stdout.write(readTokensFile(tokensFile(environment), files).map(describeToken).join(''))
    })

  token
    .command('revoke <name>')
    .description('make a token useless, from now on')
    .action((name: string) => revokeToken(tokensFile(environment), name))
}

/** @throws {ConfigError} where the setting is absent */
function tokensFile({ GITMSG_TOKENS_FILE }: Environment): string {
  if (!GITMSG_TOKENS_FILE) throw new ConfigError(['GITMSG_TOKENS_FILE must say which file has the tokens'])
  return GITMSG_TOKENS_FILE
}

function createToken(path: string, wanted: NewToken): string {
  const { scope, sender, name = `token-${randomBytes(3).toString('hex')}` } = wanted
  const secret = createSecret()
  const token: AccessToken = {
    name,
    sha256: digestOf(secret).toString('hex'),
    scopes: scope,
    ...(sender !== undefined && { sender }),
    created_at: new Date().toISOString(),
  }
  changeTokensFile(path, (tokens) => {
    if (tokens.some((other) => other.name === name)) throw new Error(`there is a token ${name} already`)
    return [...tokens, token]
  })
  return secret
}

function revokeToken(path: string, name: string): void {
  changeTokensFile(path, (tokens) => {
    const others = tokens.filter((token) => token.name !== name)
    if (others.length === tokens.length) throw new Error('there is no token of that name')
    return others
  })
}

function describeToken({ name, scopes, sender, created_at }: AccessToken): string {
  return `${name.padEnd(20)} ${scopes.join(',').padEnd(16)} ${created_at} ${sender ?? 'any sender'}\n`
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
