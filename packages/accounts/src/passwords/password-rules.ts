import { AccountsError } from '../accounts-error.js'
import { countCodePoints } from '../arguments.js'

const MIN_PASSWORD_LENGTH = 8
const MAX_PASSWORD_LENGTH = 128

/** Loaded with the first password that is chosen: it takes some milliseconds and megabytes. */
let common: Promise<ReadonlySet<string>> | undefined

/**
 * Checks a password that is chosen: 8 to 128 code points, and none of the 49,000 most common ones, in any case. There
 * are no other rules, as NIST SP 800-63B advises.
 *
 * @throws AccountsError `weak-password`
 */
export async function checkNewPassword(password: unknown): Promise<void> {
  if (typeof password !== 'string' || !password.isWellFormed()) {
    throw new AccountsError('weak-password', 'a password must be well-formed text')
  }
  const length = countCodePoints(password)
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
    const rule = `a password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`
    throw new AccountsError('weak-password', rule)
  }
  common ??= loadCommonPasswords()
  if ((await common).has(password.toLowerCase())) {
    throw new AccountsError('weak-password', 'the password is one of the most common')
  }
}

async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= MIN_PASSWORD_LENGTH))
}
