/** Everything the server was told, checked. Where a setting has a unit, its name says it. */
export interface ServerConfig {
  readonly host: string
  readonly port: number
  readonly access: AccessConfig
  readonly dataDirectory: string
  readonly backend: BackendConfig
  readonly fetchIntervalMs: number
  readonly logLevel: LogLevel
  /** Everything that must never be seen in a log. */
  readonly secrets: readonly string[]
}

/** To whom the server answers. */
export interface AccessConfig {
  /** Where there is one, calls need a token from it. */
  readonly tokensFile: string | null
  /** Values of `Host` that are answered besides this machine's own names, exactly as they come. */
  readonly allowedHosts: readonly string[]
  /** Origins of other sites whose pages may call. */
  readonly allowedOrigins: readonly string[]
  readonly rateLimit: RateLimit | null
}

/** At most this many requests in this many seconds, for each token and for each address without one. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

export type BackendConfig = LocalBackendConfig | GithubBackendConfig

/** A bare repository in the data directory, pushed to `remote` where there is one. */
export interface LocalBackendConfig {
  readonly kind: 'local'
  readonly branch: string
  readonly remote: string | null
  readonly token: string | undefined
}

/** A repository on GitHub, reached through its API. */
export interface GithubBackendConfig {
  readonly kind: 'github'
  readonly branch: string
  /** `owner/name`. */
  readonly repository: string
  readonly token: string
  readonly apiUrl: string
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Environment = Readonly<Record<string, string | undefined>>

/** The configuration is wrong; the message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
  }
}
