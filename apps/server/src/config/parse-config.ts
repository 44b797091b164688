import type { ReadOnlyFileSystem } from '../file-system.js'
import { parseDataDirectory } from './data-directory.js'
import { createEnvironmentReader } from './environment-reader.js'
import { parseAccess } from './parse-access.js'
import { parseAccounts } from './parse-accounts.js'
import { parseBackend } from './parse-backend.js'
import { NO_LISTENING, parseDatabase } from './parse-database.js'
import {
  type BackendConfig,
  ConfigError,
  type Environment,
  LOG_LEVELS,
  type PostgresConfig,
  type ServerConfig,
} from './server-config.js'

/**
 * Turns the environment into a configuration. Reads the files of secrets and tokens, and changes nothing.
 *
 * @param fileSystem `node:fs`
 * @throws {ConfigError} with every problem in one message
 */
export function parseConfig(given: Environment, fileSystem: ReadOnlyFileSystem): ServerConfig {
  const { environment, problems, secrets } = readSecretFiles(given, fileSystem)
  const reader = createEnvironmentReader(environment)
  const host = reader.text('HOST') ?? '127.0.0.1'
  const dataDirectory = parseDataDirectory(reader, fileSystem)
  const backend = parseBackend(reader, { dataDirectory, fileSystem })
  const accounts = parseAccounts(reader)
  const postgres = parseDatabase(reader, { backend, hasAccounts: accounts !== null })
  const config: ServerConfig = {
    host,
    port: reader.integer('PORT', { default: 3000, min: 0, max: 65_535 }),
    access: parseAccess(reader, { host, fileSystem, hasAccounts: accounts !== null }),
    accounts,
    dataDirectory,
    postgres,
    backend,
    fetchIntervalMs: 1000 * reader.integer('GITMSG_FETCH_INTERVAL', { default: 30, min: 0, max: 86_400 }),
    formatVersion: reader.oneOf('GITMSG_FORMAT', ['1', '2'], '2') === '1' ? 1 : 2,
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    secrets: [...secrets, ...credentialsOf(backend), ...passwordsOf(postgres)],
  }
  problems.push(...reader.problems)
  if (problems.length > 0) throw new ConfigError(problems)
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

/** Variables that hold a secret. Each may come from a file instead, named by the variable `<NAME>_FILE`. */
const SECRETS = [
  'GITHUB_TOKEN',
  'GITMSG_REMOTE_TOKEN',
  'GITMSG_DATABASE_URL',
  'GITMSG_DATABASE_LISTEN_URL',
  'GITMSG_OIDC_CLIENT_SECRET',
]

/** What {@link readSecretFiles} found. */
interface SecretFiles {
  /** With the secrets from files added. */
  readonly environment: Environment
  /** What is wrong with the files. */
  readonly problems: string[]
  /** The values of all secrets, from files or not. */
  readonly secrets: string[]
}

/** Reads the files of secrets that the environment names. */
function readSecretFiles(environment: Environment, fileSystem: ReadOnlyFileSystem): SecretFiles {
  const fromFiles: Record<string, string> = {}
  const problems: string[] = []
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`]
    if (!path) continue
    if (environment[name]) {
      problems.push(`${name} and ${name}_FILE are both set: remove one`)
      continue
    }
    try {
      const secret = fileSystem.readFileSync(path, 'utf8').trim()
      if (secret) fromFiles[name] = secret
      else problems.push(`${name}_FILE: the file is empty`)
    } catch {
      problems.push(`${name}_FILE: the file cannot be read`)
    }
  }
  const complete: Environment = { ...environment, ...fromFiles }
  const secrets = SECRETS.flatMap((name) => complete[name] || []).filter((value) => value !== NO_LISTENING)
  return { environment: complete, problems, secrets }
}
