export { type Account, SETTLED_POSTS } from './accounts/account-row.js'
export type { AccountChanges, AccountsTable, NewAccount } from './accounts/accounts-table.js'
export type { Accounts, AccountsOptions } from './accounts.js'
export { AccountsError, type AccountsErrorCode } from './accounts-error.js'
export { isHandle } from './arguments.js'
export type { Act, Audit, AuditEntry } from './audit/audit.js'
export type { Clock } from './clock.js'
export type { CreatedLink, Links } from './links/links.js'
export type { NewCredential, Redemption } from './links/redeem.js'
export type { DailyPosts, DailyUsage } from './moderation/daily-posts.js'
export type { HeldPost, HeldPosts, NewHeldPost } from './moderation/held.js'
export type { Report, Reports } from './moderation/reports.js'
export { type OpenAccountsOptions, openAccounts } from './open-accounts.js'
export type { Credentials, Identity } from './passwords/credentials.js'
export type { PasswordCost } from './passwords/hasher.js'
export {
  ACCOUNT_KINDS,
  type AccountKind,
  matchesSender,
  ROLES,
  type Role,
  SCOPES,
  type Scope,
  scopesOf,
} from './rights.js'
export { type RandomBytes, SECRET_PATTERN } from './secrets.js'
export type { Authentication, Grant } from './tokens/authenticate.js'
export type { Session } from './tokens/sessions.js'
export type { NewToken, Token, Tokens } from './tokens/tokens.js'
