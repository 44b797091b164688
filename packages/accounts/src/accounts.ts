import { randomBytes as systemRandomBytes } from 'node:crypto'
import { type AccountsTable, createAccountsTable } from './accounts/accounts-table.js'
import type { AccountsError } from './accounts-error.js'
import { type Audit, createAudit } from './audit/audit.js'
import type { Clock } from './clock.js'
import type { Database } from './database/database.js'
import { createGate } from './gate.js'
import { createLinks, type Links } from './links/links.js'
import { createRedemption, type Redemption } from './links/redeem.js'
import { createDailyPosts, type DailyPosts } from './moderation/daily-posts.js'
import { createHeldPosts, type HeldPosts } from './moderation/held.js'
import { createReports, type Reports } from './moderation/reports.js'
import { type Credentials, createCredentials } from './passwords/credentials.js'
import { createHasher, DEFAULT_COST, type PasswordCost } from './passwords/hasher.js'
import type { RandomBytes } from './secrets.js'
import { type Authentication, createAuthentication } from './tokens/authenticate.js'
import { createStartSession } from './tokens/sessions.js'
import { createTokens, type Tokens } from './tokens/tokens.js'

/**
 * People and services with their rights, in a database of its own.
 *
 * - Every method fails with an {@link AccountsError} and nothing else: with `invalid-argument`, `busy`, `full`,
 *   `unwritable`, `unavailable`, `corrupt`, `closed` or `failed`. A method with more codes names them.
 * - A write is one transaction, with its entry in the audit, and durable when it resolves.
 * - Several processes may have the same database open. What one revokes, the others reject from then on; on PostgreSQL
 *   within half a second.
 */
export interface Accounts extends AccountsTable, Credentials, Authentication, Redemption {
  /** Access tokens and sessions. */
  readonly tokens: Tokens
  /** Invitations, password resets, proofs of an identity. */
  readonly links: Links
  /** Posts that wait for a moderator. */
  readonly held: HeldPosts
  /** What people report to the moderators. */
  readonly reports: Reports
  /** A quota for each day. */
  readonly dailyPosts: DailyPosts
  /** Who did what. */
  readonly audit: Audit
  /** Waits for running calls, then closes. */
  close(): Promise<void>
  /** The same as {@link Accounts.close}. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What every implementation of {@link Accounts} can be given. */
export interface AccountsOptions {
  /** Returns the time, in milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: Clock | undefined
  /** Default: that of `node:crypto`. */
  readonly randomBytes?: RandomBytes | undefined
  /** What checking a password costs. Default: 19 MiB and two passes, some 40 ms. */
  readonly passwordCost?: PasswordCost | undefined
}

/** Puts the accounts of a database together. `toError` turns anything thrown into what their methods fail with. */
export function assembleAccounts(
  database: Database,
  { toError, ...options }: AccountsOptions & { readonly toError: (error: unknown) => AccountsError },
): Accounts {
  const { clock = Date.now, randomBytes = systemRandomBytes, passwordCost = DEFAULT_COST } = options
  const hasher = createHasher(passwordCost)
  const startSession = createStartSession({ clock, randomBytes })
  const { guard, close: closeGate } = createGate(toError)
  const close = () => closeGate(() => database.close())
  return {
    ...guard(createAccountsTable(database, clock)),
    ...guard(createCredentials(database, { clock, hasher, startSession })),
    ...guard(createAuthentication(database, clock)),
    ...guard(createRedemption(database, { clock, hasher, startSession })),
    tokens: guard(createTokens(database, { clock, randomBytes })),
    links: guard(createLinks(database, { clock, randomBytes })),
    held: guard(createHeldPosts(database, clock)),
    reports: guard(createReports(database, clock)),
    dailyPosts: guard(createDailyPosts(database, clock)),
    audit: guard(createAudit(database, clock)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
