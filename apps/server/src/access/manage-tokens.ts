import { randomBytes } from 'node:crypto'
import { type AccessToken, createSecret, digestOf, type Scope } from './access-token.js'
import { changeTokensFile, readTokensFile } from './tokens-file.js'

/** A token without its digest. */
export interface TokenDescription {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only sender that the token may post as; `null`: any. */
  readonly sender: string | null
  /** RFC 3339. */
  readonly created_at: string
}

/** What {@link createToken} needs to know about the token. */
export interface NewToken {
  readonly scopes: readonly Scope[]
  /** Default: any. */
  readonly sender?: string | undefined
  /** Default: a random name. */
  readonly name?: string | undefined
}

/**
 * Adds a token to the file. The result contains the secret, which is not stored and cannot be read again.
 *
 * @throws {Error} if the name is taken, or the file cannot be changed
 */
export function createToken(path: string, newToken: NewToken): TokenDescription & { token: string } {
  const { scopes, sender, name = `token-${randomBytes(3).toString('hex')}` } = newToken
  const secret = createSecret()
  const token: AccessToken = {
    name,
    sha256: digestOf(secret).toString('hex'),
    scopes,
    ...(sender !== undefined && { sender }),
    created_at: new Date().toISOString(),
  }
  changeTokensFile(path, (tokens) => {
    if (tokens.some((other) => other.name === name)) throw new Error(`a token named ${name} already exists`)
    return [...tokens, token]
  })
  return { ...describe(token), token: secret }
}

/**
 * Removes a token from the file. A running server rejects the token from then on.
 *
 * @throws {Error} if no token has this name, or the file cannot be changed
 */
export function revokeToken(path: string, name: string): void {
  changeTokensFile(path, (tokens) => {
    const remaining = tokens.filter((token) => token.name !== name)
    if (remaining.length === tokens.length) throw new Error('no token has this name')
    return remaining
  })
}

/**
 * Lists the tokens in the file, oldest first.
 *
 * @throws {Error} if the file cannot be read, or other users can access it
 */
export function listTokens(path: string): TokenDescription[] {
  return readTokensFile(path).map(describe)
}

function describe({ name, scopes, sender, created_at }: AccessToken): TokenDescription {
  return { name, scopes, sender: sender ?? null, created_at }
}
