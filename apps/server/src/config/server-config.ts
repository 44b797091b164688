import type { FormatVersion } from '@gitmsg/core'
import type { LogLevel } from './settings/server-settings.js'

/** The server's configuration, checked. */
export interface ServerConfig {
  readonly host: string
  readonly port: number
  readonly access: AccessConfig
  /** `null`: there are no accounts. */
  readonly accounts: AccountsConfig | null
  readonly dataDirectory: string
  /** `null`: the database is a SQLite file in the data directory. */
  readonly postgres: PostgresConfig | null
  readonly backend: BackendConfig
  readonly fetchIntervalMs: number
  /** The newest version of the repository format that may be used. */
  readonly formatVersion: FormatVersion
  readonly logLevel: LogLevel
  /** Texts that must never appear in the log. */
  readonly secrets: readonly string[]
}

/** Which requests the server accepts. */
export interface AccessConfig {
  /** The path of the tokens file; `null`: requests need no token. */
  readonly tokensFile: string | null
  /** Values of the `Host` header to accept besides the names of this machine, in lower case. */
  readonly allowedHosts: readonly string[]
  /** Origins of other sites whose pages may send requests. */
  readonly allowedOrigins: readonly string[]
  /** `null`: no limit. */
  readonly rateLimit: RateLimit | null
  /** The most connections of the live channel; 0: it does not exist. */
  readonly liveSockets: number
  /** Proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[]
  /** Addresses and networks whose requests are rejected. */
  readonly denied: readonly string[]
}

/** What accounts may do, and how people sign in. */
export interface AccountsConfig {
  /** Whether anyone may read messages, without a token. */
  readonly isPublic: boolean
  /** Whether anyone may make an account, without an invitation. */
  readonly isOpen: boolean
  /** Whose posts wait for a moderator. */
  readonly hold: 'none' | 'newcomers' | 'all'
  readonly slowMode: SlowMode
  /** The most posts of a person on a day; 0: no limit. */
  readonly dailyPosts: number
  /** Where people reach the server, with a slash at its end; `null`: where their request arrives. */
  readonly publicUrl: string | null
  /** `null`: people sign in with passwords only. */
  readonly oidc: OidcConfig | null
}

/** Seconds between two posts of a person by topic; `*` is for every other topic, and for none. */
export type SlowMode = ReadonlyMap<string, number>

/** The OpenID provider. */
export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  /** `undefined`: a public client. */
  readonly clientSecret: string | undefined
}

/** At most this many requests in this many seconds, for each token and for each address without one. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** A database on PostgreSQL, which other servers may share. */
export interface PostgresConfig {
  /** With the password, if there is one. */
  readonly url: string
  /** Where to hear of the writes of other servers, with the password; `null`: nowhere. */
  readonly listenUrl: string | null
  /** The schema that holds the tables of messages; that of accounts is named after it. */
  readonly schema: string
  /** The most connections of the server's thread, of the thread that synchronizes, and for accounts. */
  readonly connections: {
    readonly server: number
    readonly synchronizer: number
    readonly accounts: number
  }
  /** Whether every command may create or migrate the tables; otherwise only `gitmsg migrate` and `move` do. */
  readonly migrates: boolean
}

export type BackendConfig = LocalBackendConfig | GithubBackendConfig

/** A bare repository in the data directory, pushed to `remote` unless that is `null`. */
export interface LocalBackendConfig {
  readonly kind: 'local'
  readonly branch: string
  readonly remote: string | null
  readonly token: string | undefined
  /** How long the remote may take to finish a push that it has received. */
  readonly pushPatienceMs: number
  /** The most that one fetch may receive. */
  readonly maxFetchBytes: number
  /** The user name that the token is sent with. */
  readonly user: string | undefined
  readonly caFile: string | undefined
  readonly sshKeyFile: string | undefined
  readonly sshKnownHostsFile: string | undefined
}

/** A repository on GitHub, reached through its API. */
export interface GithubBackendConfig {
  readonly kind: 'github'
  readonly branch: string
  /** `owner/name`. */
  readonly repository: string
  readonly token: string
  readonly apiUrl: string
  readonly caFile: string | undefined
}

/** Environment variables, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The configuration is not valid. The message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(`invalid configuration:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
  }
}
