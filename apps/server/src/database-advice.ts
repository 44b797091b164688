import { AccountsError, type AccountsErrorCode } from '@gitmsg/accounts'
import { StoreError, type StoreErrorCode } from '@gitmsg/store'

/** Where the operator has to look. */
const ADVICE: Partial<Record<StoreErrorCode | AccountsErrorCode, string>> = {
  unavailable: 'check GITMSG_DATABASE_URL, and that PostgreSQL runs',
  'not-a-store': 'check GITMSG_DATABASE_SCHEMA',
  'not-accounts': 'check GITMSG_DATABASE_SCHEMA',
  'older-schema': 'run gitmsg migrate, or check GITMSG_DATABASE_SCHEMA',
  'newer-schema': 'install that version of gitmsg here',
}

/**
 * Adds what PostgreSQL or the system called the failure of opening a database, and what to do. Anything else but an
 * error of the libraries becomes one with the code `failed`.
 */
export function withAdvice(error: unknown): StoreError | AccountsError {
  if (!(error instanceof StoreError) && !(error instanceof AccountsError)) {
    return new StoreError('failed', 'the operation failed', { cause: error })
  }
  const { cause } = error
  const original = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
  const advice = ADVICE[error.code]
  const message = `${error.message}${original}${advice ? `: ${advice}` : ''}`
  return error instanceof StoreError
    ? new StoreError(error.code, message, { cause })
    : new AccountsError(error.code, message, { cause })
}
