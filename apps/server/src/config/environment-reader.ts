import type { Environment } from './server-config.js'

/** Every variable that the server and the commands read. */
export const SETTINGS = [
  'HOST',
  'PORT',
  'GITMSG_URL',
  'GITMSG_TOKENS_FILE',
  'GITMSG_ALLOWED_HOSTS',
  'GITMSG_ALLOWED_ORIGINS',
  'GITMSG_RATE_LIMIT',
  'GITMSG_LIVE_SOCKETS',
  'GITMSG_TRUSTED_PROXIES',
  'GITMSG_DENY',
  'GITMSG_ACCOUNTS',
  'GITMSG_PUBLIC_READ',
  'GITMSG_PUBLIC_URL',
  'GITMSG_REGISTRATION',
  'GITMSG_HOLD',
  'GITMSG_SLOW_MODE',
  'GITMSG_DAILY_POSTS',
  'GITMSG_OIDC_ISSUER',
  'GITMSG_OIDC_CLIENT_ID',
  'GITMSG_OIDC_CLIENT_SECRET',
  'GITMSG_OIDC_CLIENT_SECRET_FILE',
  'GITMSG_DATA_DIR',
  'GITMSG_DATABASE_URL',
  'GITMSG_DATABASE_URL_FILE',
  'GITMSG_DATABASE_LISTEN_URL',
  'GITMSG_DATABASE_LISTEN_URL_FILE',
  'GITMSG_DATABASE_SCHEMA',
  'GITMSG_DATABASE_POOL_SIZE',
  'GITMSG_DATABASE_MIGRATE',
  'GITMSG_REMOTE',
  'GITMSG_REMOTE_TOKEN',
  'GITMSG_REMOTE_TOKEN_FILE',
  'GITMSG_REMOTE_USER',
  'GITMSG_CA_FILE',
  'GITMSG_SSH_KEY_FILE',
  'GITMSG_SSH_KNOWN_HOSTS_FILE',
  'GITMSG_BRANCH',
  'GITMSG_FETCH_INTERVAL',
  'GITMSG_FORMAT',
  'GITMSG_PUSH_PATIENCE',
  'GITMSG_FETCH_LIMIT',
  'GITMSG_BACKEND',
  'GITHUB_REPO',
  'GITHUB_TOKEN',
  'GITHUB_TOKEN_FILE',
  'GITHUB_API_URL',
  'LOG_LEVEL',
] as const

export type Setting = (typeof SETTINGS)[number]

/** Reads single settings, and collects their problems so that all are reported together. */
export interface EnvironmentReader {
  /** What is wrong, one sentence per problem. */
  readonly problems: string[]
  /** The variable's value. An empty variable counts as absent. */
  text(name: Setting): string | undefined
  /** The value of a variable that must not be empty, such as a token. */
  nonEmpty(name: Setting): string | undefined
  integer(name: Setting, options: { default: number; min: number; max: number }): number
  oneOf<Value extends string>(name: Setting, values: readonly Value[], fallback: Value): Value
  /** Runs a check. The message of what it throws becomes the problem. */
  check(name: Setting, check: () => unknown): void
}

/** Creates a reader of `environment` without problems. */
export function createEnvironmentReader(environment: Environment): EnvironmentReader {
  const problems: string[] = []
  const text = (name: Setting) => environment[name] || undefined

  return {
    problems,
    text,

    nonEmpty(name) {
      if (environment[name]?.trim() !== '') return environment[name]
      problems.push(`${name} is empty: set it to a value, or remove it`)
      return undefined
    },

    integer(name, { default: fallback, min, max }) {
      const value = text(name)
      if (value === undefined) return fallback
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      problems.push(`${name} must be a whole number from ${min} to ${max}`)
      return fallback
    },

    oneOf(name, values, fallback) {
      const given = text(name)
      if (given === undefined) return fallback
      const value = values.find((candidate) => candidate === given)
      if (value === undefined) problems.push(`${name} must be one of ${values.join(', ')}`)
      return value ?? fallback
    },

    check(name, check) {
      try {
        check()
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : 'the value is not valid'}`)
      }
    },
  }
}

/**
 * Lists the variables named `GITMSG_...` that are not settings, sorted: probably misspelt. They are not an error,
 * because platforms set such names for a service called gitmsg (Kubernetes: `GITMSG_SERVICE_HOST`).
 */
export function unknownSettings(environment: Environment): string[] {
  const known: readonly string[] = SETTINGS
  return Object.keys(environment)
    .filter((name) => name.startsWith('GITMSG_') && !known.includes(name))
    .toSorted()
}
