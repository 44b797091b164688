import { AccountsError, type AccountsErrorCode } from '../accounts-error.js'

/** A code of PostgreSQL (SQLSTATE) or of the system is matched in this order. */
const CODE_PATTERNS: readonly (readonly [pattern: RegExp, code: AccountsErrorCode])[] = [
  [/^25006$/, 'unwritable'],
  [/^53100$/, 'full'],
  [/^XX00[12]$/, 'corrupt'],
  // Lock and statement timeouts, races that were lost again and again, too many connections, too little memory.
  [/^(55P03|57014|40001|40P01|53\d{3})$/, 'busy'],
  // A lost connection, a server that starts or stops, a user or database that it does not let in.
  [/^(08\w{3}|57P\w{2}|25P0[34]|40003|28\w{3}|3D000)$/, 'unavailable'],
  [
    /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOENT)$/,
    'unavailable',
  ],
  // Text that it cannot hold.
  [/^(22021|22P05|54000)$/, 'invalid-argument'],
  [/^(42P01|3F000)$/, 'not-accounts'],
]

/** What `pg` says of a lost connection, without a code. */
const CONNECTION_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after)/

/** Fixed texts: an error message must never contain an address, SQL or a secret. */
const MESSAGES: Partial<Record<AccountsErrorCode, string>> = {
  busy: 'the database had no turn for this call in time',
  full: 'no space left on the disk of the database',
  unwritable: 'the database is read-only: it may be a standby',
  corrupt: 'the database is damaged',
  unavailable: 'the database cannot be reached',
  'invalid-argument': 'an argument is invalid',
  'not-accounts': 'the tables are missing',
}

/** What the operator can do something about, by SQLSTATE. */
const REASONS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/^28/, 'the database rejected the user or the password'],
  [/^3D000$/, 'the database does not exist'],
  [/^42501$/, 'the user lacks a privilege on the database'],
]

/** Turns anything thrown into an {@link AccountsError}, with the original as its `cause`. */
export function toAccountsError(error: unknown): AccountsError {
  if (error instanceof AccountsError) return error
  const original = codeOf(error)
  const code = accountsCodeOf(error, original)
  const reason = REASONS.find(([pattern]) => pattern.test(original))?.[1]
  return new AccountsError(code, reason ?? MESSAGES[code] ?? 'the operation failed', { cause: error })
}

function accountsCodeOf(error: unknown, original: string): AccountsErrorCode {
  const code = CODE_PATTERNS.find(([pattern]) => pattern.test(original))?.[1]
  if (code) return code
  return error instanceof Error && CONNECTION_MESSAGES.test(error.message) ? 'unavailable' : 'failed'
}

function codeOf(error: unknown): string {
  // Of several addresses of a host, each has its own error.
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first ? String(first.code) : ''
}

/** The connection was lost while a transaction was committed: whether it was is unknown. */
export class LostCommit extends AccountsError {
  constructor(cause: unknown) {
    super('unavailable', 'the connection was lost during a commit: the write may have been stored', { cause })
  }
}

/** Whether nothing more can be expected of the connection, or of the server at its other end. */
export const isConnectionUseless = (error: unknown): boolean =>
  ['unavailable', 'unwritable'].includes(toAccountsError(error).code)

/** Whether nothing more can be expected of the connection. */
export const isConnectionLost = (error: unknown): boolean => toAccountsError(error).code === 'unavailable'

/**
 * Whether the same work can succeed a little later: it lost a race or the connection before it was committed, or there
 * are too many connections.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof LostCommit) return false
  return /^(40001|40P01|53300)$/.test(codeOf(error)) || (isConnectionLost(error) && !isRejected(error))
}

/** Whether another server has created the same tables at once. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505'

/** Whether a person has to do something first. */
const isRejected = (error: unknown): boolean => /^(28|3D)/.test(codeOf(error))
