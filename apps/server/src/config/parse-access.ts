import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { readTokensFile } from '../access/tokens-file.js'
import type { ReadOnlyFileSystem } from '../file-system.js'
import { parseAddressList } from '../limits/peers.js'
import type { AccessConfig, RateLimit } from './server-config.js'
import type { SettingOf } from './settings/settings.js'
import type { SettingsReader } from './settings-reader.js'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** The limit of a server that other machines can reach, or that has accounts. */
const DEFAULT_RATE_LIMIT: RateLimit = { requests: 60, seconds: 1 }
const RATE_LIMIT = /^([1-9]\d{0,5})\/([1-9]\d{0,3})s$/
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/
const HTTP_SCHEME = /^https?:/i
/** The origin of an app that shows web pages, e.g. `capacitor://localhost`. */
const APP_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[\w.[\]:-]+$/
/** A user and password in a URL, which must not be shown. */
const USER_INFO = /\/\/.*@/

interface ListRules {
  readonly normalize: (entry: string) => string
  readonly isValid: (entry: string) => boolean
  /** Describes valid entries. */
  readonly expected: string
}

/** Parses the settings of access. A server on a `host` that other machines can reach needs tokens or accounts. */
export function parseAccess(
  reader: SettingsReader,
  options: { host: string; fileSystem: ReadOnlyFileSystem; hasAccounts: boolean },
): AccessConfig {
  const { host, hasAccounts } = options
  const tokensFile = reader.nonEmpty('GITMSG_TOKENS_FILE') ?? null
  if (tokensFile) reader.check('GITMSG_TOKENS_FILE', () => assertHasTokens(tokensFile, options))
  else if (!isLoopback(host) && !hasAccounts) {
    reader.report(
      'HOST',
      'must be a loopback address unless GITMSG_TOKENS_FILE or GITMSG_ACCOUNTS is set: without tokens, every client on the network could read and post',
    )
  }
  return {
    tokensFile,
    allowedHosts: parseList(reader, 'GITMSG_ALLOWED_HOSTS', {
      normalize: (entry) => entry.toLowerCase(),
      isValid: (entry) => HOST.test(entry),
      expected: 'host names, with a port if it is not the default',
    }),
    allowedOrigins: parseList(reader, 'GITMSG_ALLOWED_ORIGINS', {
      normalize: (entry) => (HTTP_SCHEME.test(entry) ? entry.toLowerCase() : entry),
      isValid: isOrigin,
      expected: 'origins like https://example.org or capacitor://localhost',
    }),
    liveSockets: reader.integer('GITMSG_LIVE_SOCKETS'),
    trustedProxies: parseAddresses(reader, 'GITMSG_TRUSTED_PROXIES'),
    denied: parseAddresses(reader, 'GITMSG_DENY'),
    rateLimit: parseRateLimit(reader, isLoopback(host) && !hasAccounts ? null : DEFAULT_RATE_LIMIT),
  }
}

/** With accounts, the file may be absent or without tokens until someone creates one. */
function assertHasTokens(
  path: string,
  { fileSystem, hasAccounts }: { fileSystem: ReadOnlyFileSystem; hasAccounts: boolean },
): void {
  let tokens: unknown[]
  try {
    tokens = readTokensFile(path, fileSystem)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && hasAccounts) return
    // The messages of the file system contain the path.
    if (code) {
      throw new Error('the file cannot be read: check the path and its permissions')
    }
    throw error
  }
  if (tokens.length > 0 || hasAccounts) return
  throw new Error('the file has no tokens: create one with gitmsg token create')
}

function parseList(
  reader: SettingsReader,
  name: SettingOf<'list'>,
  { normalize, isValid, expected }: ListRules,
): string[] {
  const list = reader.list(name).map(normalize)
  for (const entry of list.filter((entry) => !isValid(entry))) {
    const shown = JSON.stringify(entry.replace(USER_INFO, '//'))
    reader.report(name, `has an invalid entry, ${shown}: list ${expected}, separated by commas`)
  }
  return list
}

function parseAddresses(reader: SettingsReader, name: SettingOf<'list'>): string[] {
  const list = reader.list(name)
  reader.check(name, () => parseAddressList(list))
  return list
}

/** An origin as browsers send it. Only those of http and https have one canonical form. */
function isOrigin(entry: string): boolean {
  if (!HTTP_SCHEME.test(entry)) return APP_ORIGIN.test(entry)
  return URL.canParse(entry) && new URL(entry).origin === entry
}

function parseRateLimit(reader: SettingsReader, fallback: RateLimit | null): RateLimit | null {
  const text = reader.text('GITMSG_RATE_LIMIT')
  if (text === undefined) return fallback
  if (text === 'off') return null
  const [, requests, seconds] = RATE_LIMIT.exec(text) ?? []
  if (!requests) {
    reader.report('GITMSG_RATE_LIMIT', 'must be off, or a number of requests and seconds like 60/1s')
  }
  return { requests: Number(requests), seconds: Number(seconds) }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return (isIPv4(host) && LOOPBACK.check(host)) || (isIPv6(host) && LOOPBACK.check(host, 'ipv6'))
}
