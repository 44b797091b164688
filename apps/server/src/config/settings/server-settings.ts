import type { Definitions } from './definition.js'

/** The log levels, most severe first. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Where the server listens, what it logs, and which requests it accepts. */
export const SERVER_SETTINGS = {
  GITMSG_CONFIG: {
    kind: 'text',
    otherwise: '`gitmsg.json`, if it exists',
    means: 'the settings file; only the environment can name it',
  },
  HOST: {
    kind: 'text',
    default: '127.0.0.1',
    means: 'where to listen; an address beyond loopback requires tokens or accounts',
  },
  PORT: {
    kind: 'integer',
    ...{ default: 3000, min: 0, max: 65_535 },
    means: 'the port to listen on; 0: any free one',
  },
  LOG_LEVEL: {
    kind: 'choice',
    values: LOG_LEVELS,
    default: 'info',
    means: '`fatal` to `trace`, or `silent`; JSON lines, or readable text on a terminal',
  },
  GITMSG_URL: {
    kind: 'text',
    otherwise: 'what `HOST` and `PORT` name',
    means: 'the server of the commands that talk to one',
  },
  GITMSG_TOKENS_FILE: {
    kind: 'text',
    means: 'the access tokens, created by `gitmsg token create`; if set, every request needs one',
  },
  GITMSG_ALLOWED_HOSTS: {
    kind: 'list',
    means: 'more `Host` values to accept, exact: `chat.example.org`',
  },
  GITMSG_ALLOWED_ORIGINS: {
    kind: 'list',
    means:
      'other sites whose pages may send requests, exact: `https://app.example.org`, `capacitor://localhost`',
  },
  GITMSG_RATE_LIMIT: {
    kind: 'text',
    otherwise: '`off`; beyond loopback, or with accounts, `60/1s`',
    means:
      'requests per period, for each account or token, or for each peer without one; each server counts its own',
  },
  GITMSG_LIVE_SOCKETS: {
    kind: 'integer',
    // A connection takes a file descriptor.
    ...{ default: 512, min: 0, max: 100_000 },
    means: 'connections of the live channel (`GET /live`), beside 1,024 others; 0: no live channel',
  },
  GITMSG_TRUSTED_PROXIES: {
    kind: 'list',
    means: "proxies whose `X-Forwarded-For` tells the client's address: `10.0.0.0/8`, `::1`",
  },
  GITMSG_DENY: {
    kind: 'list',
    means: 'addresses and networks whose requests are rejected: `192.0.2.0/24`',
  },
} as const satisfies Definitions
