/** What an account may do at most; each role includes those before it. */
export const ROLES = ['reader', 'member', 'moderator', 'admin'] as const
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number]

/**
 * What a token allows; no scope includes another.
 *
 * - `read`: read messages
 * - `write`: post messages; change those of its own account
 * - `moderate`: change messages of any sender, decide about held posts and reports
 * - `admin`: manage accounts, invitations and all tokens
 */
export const SCOPES = ['read', 'write', 'moderate', 'admin'] as const
/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number]

/** A `person` signs in; a `service` has only tokens. */
export const ACCOUNT_KINDS = ['person', 'service'] as const
/** One of {@link ACCOUNT_KINDS}. */
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

/** The scopes of a role: each role adds one. */
export const scopesOf = (role: Role): readonly Scope[] => SCOPES.slice(0, ROLES.indexOf(role) + 1)

/** The scopes of a token, which only narrow those of its account's role. */
export const narrowScopes = (scopes: readonly Scope[], role: Role): Scope[] =>
  scopesOf(role).filter((scope) => scopes.includes(scope))

/**
 * Whether a pattern allows a sender: it is that sender or, if it ends in `*`, its beginning.
 *
 * @example
 * matchesSender('irc/*', 'irc/ada') // true
 */
export function matchesSender(pattern: string, sender: string): boolean {
  return pattern.endsWith('*') ? sender.startsWith(pattern.slice(0, -1)) : sender === pattern
}
