import { createHash, randomBytes } from 'node:crypto'
import { SECRET_PATTERN } from '@gitmsg/accounts'

/**
 * What a token allows. No scope includes another.
 *
 * - `read`: read messages and the status of the synchronization
 * - `write`: post messages; edit and delete those of the sender that the token is bound to
 * - `moderate`: edit and delete messages of any sender
 * - `admin`: start a synchronization, read the quarantine and the metrics
 */
export const SCOPES = ['read', 'write', 'moderate', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** A token as it is stored. The secret itself is not stored, so the file gives no access. */
export interface AccessToken {
  readonly name: string
  /** SHA-256 of the secret, 64 hexadecimal digits. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
  /** The only sender that the token may post as, and whose messages it may change; absent: any, and none. */
  readonly sender?: string
  /** RFC 3339. */
  readonly created_at: string
}

/** The format of a secret, of an account's tokens and links too. The log redacts whatever matches. */
export const SECRET_SHAPE = SECRET_PATTERN

const NAME = /^[\w.-]{1,64}$/

/** Creates a secret of 256 random bits. */
export function createSecret(): string {
  return `gitmsg_${randomBytes(32).toString('base64url')}`
}

/** Hashes a secret with SHA-256. A secret of 256 random bits needs no slow hash. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Whether a token may have this name: 1 to 64 letters, digits, `.`, `_` and `-`. */
export function isTokenName(name: string): boolean {
  return NAME.test(name)
}

/** Whether a text names a scope. */
export function isScope(scope: string): scope is Scope {
  return SCOPES.some((known) => known === scope)
}
