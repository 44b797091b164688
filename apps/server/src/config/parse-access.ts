import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { readTokensFile } from '../access/tokens-file.js'
import type { ReadOnlyFileSystem } from '../read-only-file-system.js'
import type { EnvironmentReader, Setting } from './environment-reader.js'
import type { AccessConfig, RateLimit } from './server-config.js'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** The limit of a server that other machines can reach. */
const DEFAULT_RATE_LIMIT: RateLimit = { requests: 60, seconds: 1 }
const RATE_LIMIT = /^([1-9]\d{0,5})\/([1-9]\d{0,3})s$/
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/

/** Parses the settings of access. A server on a `host` that other machines can reach needs tokens. */
export function parseAccess(
  reader: EnvironmentReader,
  { host, fileSystem }: { host: string; fileSystem: ReadOnlyFileSystem },
): AccessConfig {
  const tokensFile = reader.nonEmpty('GITMSG_TOKENS_FILE') ?? null
  if (tokensFile) reader.check('GITMSG_TOKENS_FILE', () => assertHasTokens(tokensFile, fileSystem))
  else if (!isLoopback(host)) {
    reader.problems.push(
      'HOST must be a loopback address unless GITMSG_TOKENS_FILE is set: without tokens, every client on the network could read and post',
    )
  }
  return {
    tokensFile,
    allowedHosts: parseList(reader, 'GITMSG_ALLOWED_HOSTS', {
      isValid: isHost,
      expected: 'host names, with a port if it is not the default',
    }),
    allowedOrigins: parseList(reader, 'GITMSG_ALLOWED_ORIGINS', {
      isValid: isOrigin,
      expected: 'origins like https://example.org',
    }),
    rateLimit: parseRateLimit(reader, isLoopback(host) ? null : DEFAULT_RATE_LIMIT),
  }
}

function assertHasTokens(path: string, fileSystem: ReadOnlyFileSystem): void {
  let tokens: unknown[]
  try {
    tokens = readTokensFile(path, fileSystem)
  } catch (error) {
    // The messages of the file system contain the path.
    if ((error as NodeJS.ErrnoException).code) {
      throw new Error('the file cannot be read: check the path and its permissions')
    }
    throw error
  }
  if (tokens.length === 0) throw new Error('the file has no tokens: create one with gitmsg token create')
}

function parseList(
  reader: EnvironmentReader,
  name: Setting,
  { isValid, expected }: { isValid: (entry: string) => boolean; expected: string },
): string[] {
  const entries = (reader.text(name) ?? '').split(',').map((entry) => entry.trim().toLowerCase())
  const list = entries.filter((entry) => entry !== '')
  if (!list.every(isValid)) {
    reader.problems.push(`${name} has an invalid entry: list ${expected}, separated by commas`)
  }
  return list
}

const isHost = (entry: string) => HOST.test(entry)
const isOrigin = (entry: string) =>
  /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry

function parseRateLimit(reader: EnvironmentReader, fallback: RateLimit | null): RateLimit | null {
  const text = reader.text('GITMSG_RATE_LIMIT')
  if (text === undefined) return fallback
  if (text === 'off') return null
  const [, requests, seconds] = RATE_LIMIT.exec(text) ?? []
  if (!requests) {
    reader.problems.push('GITMSG_RATE_LIMIT must be off, or a number of requests and seconds like 60/1s')
  }
  return { requests: Number(requests), seconds: Number(seconds) }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return (isIPv4(host) && LOOPBACK.check(host)) || (isIPv6(host) && LOOPBACK.check(host, 'ipv6'))
}
