import { randomBytes } from 'node:crypto'
import * as files from 'node:fs'
import { type AccessToken, createSecret, digestOf, type Scope } from './access-token.js'
import { changeTokensFile } from './change-tokens-file.js'
import { readTokensFile } from './tokens-file.js'

/** A token as people see it: without what could be compared with a secret. */
export interface TokenDescription {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only sender that it may post as; `null`: any. */
  readonly sender: string | null
  readonly created_at: string
}

export interface NewToken {
  readonly scopes: readonly Scope[]
  /** Default: any. */
  readonly sender?: string | undefined
  /** Default: a random one. */
  readonly name?: string | undefined
}

/**
 * Makes a token in the file, and answers it with its secret, which is kept nowhere.
 *
 * @throws {Error} where there is a token of that name, or the file cannot be changed
 */
export function createToken(path: string, wanted: NewToken): TokenDescription & { token: string } {
  const { scopes, sender, name = `token-${randomBytes(3).toString('hex')}` } = wanted
  const secret = createSecret()
  const token: AccessToken = {
    name,
    sha256: digestOf(secret).toString('hex'),
    scopes,
    ...(sender !== undefined && { sender }),
    created_at: new Date().toISOString(),
  }
  changeTokensFile(path, (tokens) => {
    if (tokens.some((other) => other.name === name)) throw new Error(`there is a token ${name} already`)
    return [...tokens, token]
  })
  return { ...describe(token), token: secret }
}

/**
 * Makes a token useless, from now on; a running server notices.
 *
 * @throws {Error} where there is none of that name, or the file cannot be changed
 */
export function revokeToken(path: string, name: string): void {
  changeTokensFile(path, (tokens) => {
    const others = tokens.filter((token) => token.name !== name)
    if (others.length === tokens.length) throw new Error('there is no token of that name')
    return others
  })
}

/**
 * The tokens in the file, in the order in which they were made.
 *
 * @throws {Error} where the file cannot be read, or others may read it
 */
export function listTokens(path: string): TokenDescription[] {
  return readTokensFile(path, files).map(describe)
}

function describe({ name, scopes, sender, created_at }: AccessToken): TokenDescription {
  return { name, scopes, sender: sender ?? null, created_at }
}
