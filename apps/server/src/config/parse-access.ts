import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { readTokensFile } from '../access/tokens-file.js'
import type { EnvironmentReader } from './environment-reader.js'
import type { FileReader } from './read-secret-files.js'
import type { AccessConfig, RateLimit } from './server-config.js'
import type { Setting } from './settings.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** How often anybody may ask where not only this machine can. */
const DEFAULT_LIMIT: RateLimit = { requests: 60, seconds: 1 }
const RATE_LIMIT = /^([1-9]\d{0,5})\/([1-9]\d{0,3})s$/
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/

/** To whom a server on `host` answers: beyond this machine only to those who have a token. */
export function parseAccess(
  reader: EnvironmentReader,
  { host, files }: { host: string; files: FileReader },
): AccessConfig {
  const tokensFile = reader.filled('GITMSG_TOKENS_FILE') ?? null
  if (tokensFile) reader.check('GITMSG_TOKENS_FILE', () => assertHasTokens(tokensFile, files), undefined)
  else if (!isLoopback(host)) {
    reader.problems.push(
      'HOST must be a loopback address where there are no access tokens (GITMSG_TOKENS_FILE): everybody could read and post',
    )
  }
  return {
    tokensFile,
    allowedHosts: list(reader, 'GITMSG_ALLOWED_HOSTS', isHost),
    allowedOrigins: list(reader, 'GITMSG_ALLOWED_ORIGINS', isOrigin),
    rateLimit: parseRateLimit(reader, isLoopback(host) ? null : DEFAULT_LIMIT),
  }
}

function assertHasTokens(path: string, files: FileReader): void {
  let tokens: unknown[]
  try {
    tokens = readTokensFile(path, files)
  } catch (error) {
    // What the file system says repeats the path.
    if ((error as NodeJS.ErrnoException).code) throw new Error('the file cannot be read')
    throw error
  }
  if (tokens.length === 0) throw new Error('the file has no token: gitmsg token create')
}

function list(reader: EnvironmentReader, name: Setting, isValid: (entry: string) => boolean): string[] {
  const entries = (reader.text(name) ?? '').split(',').map((entry) => entry.trim().toLowerCase())
  const given = entries.filter((entry) => entry !== '')
  if (!given.every(isValid)) reader.problems.push(`${name} has an entry that is not valid`)
  return given
}

const isHost = (entry: string) => HOST.test(entry)
const isOrigin = (entry: string) =>
  /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry

function parseRateLimit(reader: EnvironmentReader, fallback: RateLimit | null): RateLimit | null {
  const given = reader.text('GITMSG_RATE_LIMIT')
  if (given === undefined) return fallback
  if (given === 'off') return null
  const [, requests, seconds] = RATE_LIMIT.exec(given) ?? []
  if (!requests) reader.problems.push('GITMSG_RATE_LIMIT must be off, or look like 60/1s')
  return { requests: Number(requests), seconds: Number(seconds) }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return (isIPv4(host) && loopback.check(host)) || (isIPv6(host) && loopback.check(host, 'ipv6'))
}
