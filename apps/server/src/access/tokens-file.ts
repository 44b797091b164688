import type { FileReader } from '../config/read-secret-files.js'
import { type AccessToken, SCOPES, type Scope } from './access-token.js'

const OTHERS = 0o077
const SHA256 = /^[0-9a-f]{64}$/
const NAME = /^[\w.-]{1,64}$/

/**
 * Reads the file that `gitmsg token` writes.
 *
 * @throws {Error} where others may read it, or it is not such a file; the message repeats nothing of it
 */
export function readTokensFile(path: string, files: FileReader): AccessToken[] {
  // Windows has no such mode; there the folder's own access list protects the file.
  if (process.platform !== 'win32' && (files.statSync(path).mode & OTHERS) !== 0) {
    throw new Error('the file must be for its owner only: chmod 600')
  }
  return decodeTokens(files.readFileSync(path, 'utf8'))
}

/** The text of the file. */
export function encodeTokens(tokens: readonly AccessToken[]): string {
  return `${JSON.stringify({ version: 1, tokens }, null, 2)}\n`
}

function decodeTokens(text: string): AccessToken[] {
  const content: unknown = parse(text)
  if (!isRecord(content) || content.version !== 1 || !Array.isArray(content.tokens)) {
    throw new Error('the file is not a list of tokens of version 1')
  }
  if (!content.tokens.every(isToken)) throw new Error('the file has a token that is not valid')
  const names = content.tokens.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error('the file has two tokens of one name')
  return content.tokens
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the file is not JSON')
  }
}

function isToken(token: unknown): token is AccessToken {
  if (!isRecord(token) || !Array.isArray(token.scopes)) return false
  const { name, sha256, scopes, sender, created_at } = token
  return (
    isTokenName(name) &&
    SHA256.test(String(sha256)) &&
    scopes.length > 0 &&
    scopes.every(isScope) &&
    (sender === undefined || typeof sender === 'string') &&
    typeof created_at === 'string'
  )
}

/** 1 to 64 letters, digits, and `.`, `_`, `-`. */
export function isTokenName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name)
}

export function isScope(scope: unknown): scope is Scope {
  return SCOPES.some((known) => known === scope)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
