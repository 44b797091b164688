import { z } from 'zod'
import type { FileReader } from '../config/read-secret-files.js'
import { type AccessToken, SCOPES, type Scope } from './access-token.js'

const OTHERS = 0o077
const NAME = /^[\w.-]{1,64}$/

/** A key that is not known is refused: a misspelt `sender` would bind nobody. */
const TOKEN: z.ZodType<AccessToken> = z.strictObject({
  name: z.string().regex(NAME),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  sender: z.string().exactOptional(),
  created_at: z.string(),
})
const FILE = z.strictObject({ version: z.literal(1), tokens: z.array(z.unknown()) })

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
  const file = FILE.safeParse(parse(text))
  if (!file.success) throw new Error('the file is not a list of tokens of version 1')
  const tokens = z.array(TOKEN).safeParse(file.data.tokens)
  if (!tokens.success) throw new Error('the file has a token that is not valid')
  const names = tokens.data.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error('the file has two tokens of one name')
  return tokens.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the file is not JSON')
  }
}

/** 1 to 64 letters, digits, and `.`, `_`, `-`. */
export function isTokenName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name)
}

export function isScope(scope: unknown): scope is Scope {
  return SCOPES.some((known) => known === scope)
}
