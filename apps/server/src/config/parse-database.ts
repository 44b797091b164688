import type { BackendConfig, PostgresConfig } from './server-config.js'
import type { Setting } from './settings/settings.js'
import type { SettingsReader } from './settings-reader.js'

/** Settings that mean nothing without PostgreSQL. */
const NEED_URL: readonly Setting[] = [
  'GITMSG_DATABASE_LISTEN_URL',
  'GITMSG_DATABASE_SCHEMA',
  'GITMSG_DATABASE_POOL_SIZE',
  'GITMSG_DATABASE_MIGRATE',
]

/** The value of GITMSG_DATABASE_LISTEN_URL that is no URL, and not secret. */
export const NO_LISTENING = 'off'
/** With the name of the schema of accounts, at most the 63 bytes that PostgreSQL has for a name. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,53}$/
const SSL_MODES: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']
/** One for the step under way, one that renews the sync lock, and one for reads meanwhile. */
const SYNC_CONNECTIONS = 3
/** One for writes, and one for reads meanwhile. */
const ACCOUNTS_CONNECTIONS = 2

/** What the rules of PostgreSQL depend on. */
export interface DatabaseSurroundings {
  readonly backend: BackendConfig
  readonly hasAccounts: boolean
}

/** Parses the settings of PostgreSQL; `null`: the database is SQLite. Problems are left in the reader. */
export function parseDatabase(
  reader: SettingsReader,
  { backend, hasAccounts }: DatabaseSurroundings,
): PostgresConfig | null {
  const url = reader.nonEmpty('GITMSG_DATABASE_URL')
  if (url === undefined) {
    for (const name of NEED_URL.filter(reader.isSet)) {
      reader.report(name, 'needs GITMSG_DATABASE_URL: set that too, or remove it')
    }
    return null
  }
  reader.check('GITMSG_DATABASE_URL', () => assertDatabaseUrl(url))
  if (backend.kind === 'local' && backend.remote === null) {
    reader.report(
      'GITMSG_DATABASE_URL',
      'needs GITMSG_REMOTE or GitHub: a repository in the data directory is that of one server',
    )
  }
  const listenUrl = parseListenUrl(reader, url)
  const schema = reader.text('GITMSG_DATABASE_SCHEMA')
  if (!SCHEMA.test(schema)) {
    reader.report(
      'GITMSG_DATABASE_SCHEMA',
      'must be a name of lower-case letters, digits and underscores, at most 54',
    )
  }
  const reserved = SYNC_CONNECTIONS + (hasAccounts ? ACCOUNTS_CONNECTIONS : 0)
  const connections = reader.integer('GITMSG_DATABASE_POOL_SIZE')
  if (connections <= reserved) {
    reader.report('GITMSG_DATABASE_POOL_SIZE', `must be at least ${reserved + 1} with GITMSG_ACCOUNTS=on`)
  }
  const share = {
    server: connections - reserved,
    synchronizer: SYNC_CONNECTIONS,
    accounts: ACCOUNTS_CONNECTIONS,
  }
  const migrates = reader.choice('GITMSG_DATABASE_MIGRATE') === 'on'
  return { url, listenUrl, schema, connections: share, migrates }
}

function parseListenUrl(reader: SettingsReader, url: string): string | null {
  const given = reader.nonEmpty('GITMSG_DATABASE_LISTEN_URL')
  if (given === undefined) return url
  if (given === NO_LISTENING) return null
  reader.check('GITMSG_DATABASE_LISTEN_URL', () => assertDatabaseUrl(given))
  return given
}

/** @throws {Error} without any part of the URL, which may contain a password */
export function assertDatabaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error('the URL must be like postgres://user:password@host:5432/database')
  }
  // The driver decodes them; an unencoded # ends the URL in the middle of a password.
  const isEncoded = [url.username, url.password, url.pathname].every(canDecode) && url.hash === ''
  if (!isEncoded) throw new Error('special characters in it must be percent-encoded, such as # as %23')
  if (!/^\/[^/]+$/.test(url.pathname)) throw new Error('the URL must name one database after the host')
  if (url.hostname === '' && !url.searchParams.has('host')) {
    throw new Error('the URL must name a host, or the folder of a socket as ?host=/run/postgresql')
  }
  const mode = url.searchParams.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode)) {
    throw new Error(`sslmode must be one of ${SSL_MODES.join(', ')}`)
  }
}

function canDecode(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
