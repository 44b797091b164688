import { createHash } from 'node:crypto'

/** Returns this many unpredictable bytes, as `randomBytes` of `node:crypto` does. */
export type RandomBytes = (size: number) => Buffer

/** What a secret is for shows in how it begins. */
const PREFIXES = {
  access: 'gitmsg_',
  session: 'gitmsgs_',
  join: 'gitmsgj_',
  reset: 'gitmsgr_',
  identity: 'gitmsgi_',
} as const
export type SecretKind = keyof typeof PREFIXES

const SECRET_BYTES = 32

/** Matches the secrets of this package in a longer text, so that a log can leave them out. */
export const SECRET_PATTERN: RegExp = /gitmsg[sjri]?_[\w-]{43}/

/** Creates a secret of 256 random bits. */
export const createSecret = (kind: SecretKind, randomBytes: RandomBytes): string =>
  `${PREFIXES[kind]}${randomBytes(SECRET_BYTES).toString('base64url')}`

/** Whether a text begins and is as long as a secret of this kind. */
export const isSecret = (kind: SecretKind, text: string): boolean =>
  text.startsWith(PREFIXES[kind]) && text.length === PREFIXES[kind].length + 43

/**
 * The SHA-256 of a secret, which is all that is stored of it. 256 random bits need no slow hash, and finding a digest
 * in an index tells nothing about the secret.
 */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
