import { createHash, randomBytes } from 'node:crypto'

/**
 * What a token is good for; none includes another.
 *
 * - `read`: the messages, and how the synchronization is doing
 * - `write`: posting messages
 * - `admin`: asking for a synchronization, what was quarantined, the metrics
 */
export const SCOPES = ['read', 'write', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** A token as it is kept: whoever reads this cannot use it. */
export interface AccessToken {
  readonly name: string
  /** SHA-256 of the secret, 64 hexadecimal digits. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
  /** The only sender that its bearer may post as; absent: any. */
  readonly sender?: string
  readonly created_at: string
}

/** How a secret looks, so that it can be recognized where it does not belong. */
export const SECRET_SHAPE = /gitmsg_[\w-]{43}/

/** A new secret: 256 random bits. */
export function createSecret(): string {
  return `gitmsg_${randomBytes(32).toString('base64url')}`
}

/** SHA-256: a secret of 256 random bits needs no slower one. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
