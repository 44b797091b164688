/** Everything the server was told, checked. Where a setting has a unit, its name says it. */
export interface ServerConfig {
  readonly host: string
  readonly port: number
  readonly dataDirectory: string
  readonly backend: LocalBackendConfig
  readonly fetchIntervalMs: number
  readonly logLevel: LogLevel
}

/** A bare repository in the data directory, pushed to `remote` where there is one. */
export interface LocalBackendConfig {
  readonly kind: 'local'
  readonly branch: string
  readonly remote: string | null
  readonly token: string | undefined
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
