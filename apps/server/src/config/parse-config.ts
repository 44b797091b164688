import type { ReadOnlyFileSystem } from '../file-system.js'
import { parseDataDirectory } from './data-directory.js'
import { parseAccess } from './parse-access.js'
import { parseAccounts } from './parse-accounts.js'
import { parseBackend } from './parse-backend.js'
import { NO_LISTENING, parseDatabase } from './parse-database.js'
import { readSettings, type Settings } from './read-settings.js'
import {
  type BackendConfig,
  ConfigError,
  type Environment,
  type PostgresConfig,
  type ServerConfig,
} from './server-config.js'
import { SECRETS, secretFileOf } from './settings/settings.js'
import { createSettingsReader } from './settings-reader.js'

/**
 * Turns the environment and the settings file into a configuration. Reads the files of secrets and tokens, and
 * changes nothing.
 *
 * @param fileSystem `node:fs`
 * @throws {ConfigError} with every problem in one message
 */
export function parseConfig(environment: Environment, fileSystem: ReadOnlyFileSystem): ServerConfig {
  const { settings, secrets } = readSecretFiles(readSettings(environment, fileSystem), fileSystem)
  const reader = createSettingsReader(settings)
  const host = reader.text('HOST')
  const dataDirectory = parseDataDirectory(reader, fileSystem)
  const backend = parseBackend(reader, { dataDirectory, fileSystem })
  const accounts = parseAccounts(reader)
  const postgres = parseDatabase(reader, { backend, hasAccounts: accounts !== null })
  const config: ServerConfig = {
    host,
    port: reader.integer('PORT'),
    access: parseAccess(reader, { host, fileSystem, hasAccounts: accounts !== null }),
    accounts,
    dataDirectory,
    postgres,
    backend,
    fetchIntervalMs: 1000 * reader.integer('GITMSG_FETCH_INTERVAL'),
    formatVersion: reader.choice('GITMSG_FORMAT'),
    logLevel: reader.choice('LOG_LEVEL'),
    secrets: [...secrets, ...credentialsOf(backend), ...passwordsOf(postgres)],
  }
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  return config
}

/** The token as it is sent with a user name: in base64 it does not contain the token's own form. */
const credentialsOf = (backend: BackendConfig): string[] =>
  backend.kind === 'local' && backend.user && backend.token ? [`${backend.user}:${backend.token}`] : []

/** The passwords of the database as they are in URLs, and as they are. An invalid URL is reported instead. */
function passwordsOf(postgres: PostgresConfig | null): string[] {
  const urls = [...new Set([postgres?.url, postgres?.listenUrl])].flatMap((url) =>
    url && URL.canParse(url) ? new URL(url) : [],
  )
  const given = urls.flatMap(({ password, searchParams }) => [password, searchParams.get('password') ?? ''])
  return given.filter((secret) => secret !== '').flatMap((secret) => [secret, decoded(secret)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What {@link readSecretFiles} found. */
interface SecretFiles {
  /** With the secrets from files added, and the problems of the files. */
  readonly settings: Settings
  /** The values of all secrets, from files or not. */
  readonly secrets: string[]
}

/** Reads the files of secrets that the settings name. */
function readSecretFiles(settings: Settings, fileSystem: ReadOnlyFileSystem): SecretFiles {
  const { problems, report, check } = createSettingsReader(settings)
  const values = new Map(settings.values)
  for (const name of SECRETS) {
    const file = secretFileOf(name)
    const path = values.get(file)
    if (!path) continue
    if (values.get(name)) report(name, `and ${file} are both set: remove one`)
    else check(file, () => values.set(name, readSecret(path, fileSystem)))
  }
  const secrets = SECRETS.flatMap((name) => values.get(name) || []).filter((value) => value !== NO_LISTENING)
  return { settings: { ...settings, values, problems }, secrets }
}

function readSecret(path: string, fileSystem: ReadOnlyFileSystem): string {
  let secret: string
  try {
    secret = fileSystem.readFileSync(path, 'utf8').trim()
  } catch {
    throw new Error('the file cannot be read')
  }
  if (secret === '') throw new Error('the file is empty')
  return secret
}
