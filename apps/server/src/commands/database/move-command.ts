import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AccountsError } from '@gitmsg/accounts'
import type { AccountsLocation, CopiedAccounts } from '@gitmsg/accounts/postgres'
import type { CopiedStore, StoreLocation } from '@gitmsg/store/postgres'
import type { Command } from 'commander'
import { ACCOUNTS_FILE, DATABASE_FILE } from '../../config/data-directory.js'
import { assertDatabaseUrl } from '../../config/parse-database.js'
import { ConfigError, type ServerConfig } from '../../config/server-config.js'
import { accountsSchemaOf } from '../../open-accounts.js'
import { assertDatabaseFile } from '../../open-database.js'
import { abortOnStop, type CommandContext, type JsonFlag, jsonLine } from '../command-context.js'
import { createProgress } from '../progress.js'

interface MoveFlags extends JsonFlag {
  readonly from?: string
  readonly to?: string
}

/** How the file in the data directory is named on the command line. */
const SQLITE = 'sqlite'

/** Adds `gitmsg move`. */
export function addMoveCommand(program: Command, context: CommandContext): void {
  program
    .command('move')
    .description(
      'copy the configured database to another, which must be empty, or another to it; no server may be running',
    )
    .option('--to <database>', `${SQLITE}: the file in the data folder; or postgres://...`)
    .option('--from <database>', 'likewise, to copy it to the configured database')
    .option('--json', 'print the result as JSON')
    .action((flags: MoveFlags, command: Command) => {
      if ((flags.from === undefined) === (flags.to === undefined)) {
        command.error('error: this needs either --from or --to; the other is the configured database')
      }
      return runMove(context, flags)
    })
}

async function runMove(
  { process, readConfig, print }: CommandContext,
  { from, to, json = false }: MoveFlags,
): Promise<void> {
  const config = await readConfig()
  const configured = locationOf(config)
  const source = from === undefined ? configured : parseLocation(config, '--from', from)
  const target = to === undefined ? configured : parseLocation(config, '--to', to)
  if ('path' in source) assertDatabaseFile(source.path)
  const progress = createProgress('messages', process.stderr)
  const { copyStore } = await import('@gitmsg/store/postgres')
  const { copyAccounts } = await import('@gitmsg/accounts/postgres')
  const signal = abortOnStop(process)
  const accountsSource = accountsOf(config, source)
  let accounts: CopiedAccounts | null = null
  async function copyAccountsToo(): Promise<void> {
    if (hasAccounts(config, accountsSource)) {
      accounts = await copyAccounts({ from: accountsSource, to: accountsOf(config, target), signal })
    }
  }
  try {
    const copied = await copyStore({
      from: source,
      to: target,
      signal,
      onProgress: (messages) => progress.update(messages),
      beforeCommit: copyAccountsToo,
    })
    progress.stop()
    await print(json ? jsonLine(toJson(copied, accounts)) : describeCopied(copied, accounts))
  } catch (error) {
    throw error instanceof Error && error.cause instanceof AccountsError ? error.cause : error
  } finally {
    progress.stop()
  }
}

/** Where the accounts are that belong to messages. */
const accountsOf = ({ dataDirectory }: ServerConfig, location: StoreLocation): AccountsLocation =>
  'path' in location
    ? { path: join(dataDirectory, ACCOUNTS_FILE) }
    : { url: location.url, schema: accountsSchemaOf({ schema: location.schema ?? 'gitmsg' }) }

/** Accounts in a file are moved even if the server does not use them now. */
const hasAccounts = (config: ServerConfig, source: AccountsLocation): boolean =>
  'path' in source ? existsSync(source.path) : config.accounts !== null

const fileIn = ({ dataDirectory }: Pick<ServerConfig, 'dataDirectory'>): StoreLocation => ({
  path: join(dataDirectory, DATABASE_FILE),
})

const locationOf = (config: ServerConfig): StoreLocation =>
  config.postgres ? { url: config.postgres.url, schema: config.postgres.schema } : fileIn(config)

/** @throws {ConfigError} without any part of the text, which may contain a password */
function parseLocation(config: ServerConfig, option: string, text: string): StoreLocation {
  if (text === SQLITE) {
    if (config.postgres) return fileIn(config)
    throw new ConfigError([`${option} ${SQLITE} needs GITMSG_DATABASE_URL: it is the configured database`])
  }
  try {
    assertDatabaseUrl(text)
  } catch (error) {
    throw new ConfigError([`${option}: ${(error as Error).message}`])
  }
  return { url: text, ...(config.postgres && { schema: config.postgres.schema }) }
}

const toJson = ({ idempotencyKeys, ...copied }: CopiedStore, accounts: CopiedAccounts | null) => ({
  ...copied,
  idempotency_keys: idempotencyKeys,
  ...(accounts && { accounts: accounts.accounts, tokens: accounts.tokens, held: accounts.held }),
})

/** Formats the result for people, with what to do next. */
export function describeCopied(
  { messages, versions, changes, digest }: CopiedStore,
  accounts: CopiedAccounts | null,
): string {
  const more = accounts
    ? `${accounts.accounts} accounts, ${accounts.tokens} tokens and ${accounts.held} held posts copied\n`
    : ''
  return `${messages} messages, ${versions} earlier versions and ${changes} changes of the outbox copied
${more}The same SHA-256 in both databases: ${digest}
Next: set GITMSG_DATABASE_URL to what the server is to use, or remove it; run gitmsg verify; start the server
`
}
