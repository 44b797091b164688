import { join } from 'node:path'
import { type Accounts, openAccounts } from '@gitmsg/accounts'
import type { Engine } from '@gitmsg/core'
import type { Logger } from 'pino'
import { ACCOUNTS_FILE } from './config/data-directory.js'
import type { PostgresConfig, ServerConfig } from './config/server-config.js'
import { withAdvice } from './database-advice.js'
import { type Approvals, createApprovals } from './http/posting/approvals.js'
import type { AccountParts } from './http/routes/accounts/add-account-routes.js'

/** What a server with accounts runs on, until it is disposed of. */
export interface OpenAccountParts extends AccountParts, AsyncDisposable {}

export interface OpenAccountPartsOptions {
  readonly engine: Engine
  readonly logger: Logger
  /** Called once a newer version has migrated the tables on PostgreSQL. */
  readonly onNewerSchema: () => void
}

/** Opens the accounts of a server; `null` if it has none. Completes approvals that a crash has interrupted. */
export async function openAccountParts(
  config: Pick<ServerConfig, 'accounts' | 'dataDirectory' | 'postgres'>,
  { engine, logger, onNewerSchema }: OpenAccountPartsOptions,
): Promise<OpenAccountParts | null> {
  if (!config.accounts) return null
  const onMigrate = () => logger.info({}, 'migrating the accounts')
  const accounts = await openAccountsDatabase(config, { onMigrate, onNewerSchema })
  const approvals: Approvals = createApprovals({ engine, accounts, logger })
  await approvals.resume()
  if (!(await accounts.hasAdmin())) {
    logger.warn('no account has the role admin: create one with gitmsg account create NAME --admin')
  }
  return { accounts, config: config.accounts, approvals, [Symbol.asyncDispose]: accounts.close }
}

/** How {@link openAccountsDatabase} opens accounts on PostgreSQL. */
export interface OpenAccountsDatabaseOptions {
  /** Called before the tables are created, or migrated. */
  readonly onMigrate?: () => void
  readonly onNewerSchema?: () => void
}

/** Opens the accounts beside the messages. Creates the database if it is absent; servers may be using it. */
export async function openAccountsDatabase(
  { dataDirectory, postgres }: Pick<ServerConfig, 'dataDirectory' | 'postgres'>,
  options: OpenAccountsDatabaseOptions = {},
): Promise<Accounts> {
  if (!postgres) return openAccounts({ path: join(dataDirectory, ACCOUNTS_FILE) })
  // Only for who uses it: SQLite needs no driver for PostgreSQL.
  const { openPostgresAccounts } = await import('@gitmsg/accounts/postgres')
  const { url, connections, migrates: migrate } = postgres
  const schema = accountsSchemaOf(postgres)
  try {
    return await openPostgresAccounts({ ...options, url, schema, migrate, connections: connections.accounts })
  } catch (error) {
    throw withAdvice(error)
  }
}

/** A schema of their own: that of the messages can be dropped and restored from the repository. */
export const accountsSchemaOf = ({ schema }: Pick<PostgresConfig, 'schema'>): string => `${schema}_accounts`
