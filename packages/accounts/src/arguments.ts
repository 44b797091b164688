import { AccountsError } from './accounts-error.js'

const HANDLE = /^[a-z0-9][a-z0-9._-]{0,31}$/

/** An `invalid-argument` error that names the rule and never repeats the value. */
export const invalid = (rule: string): AccountsError => new AccountsError('invalid-argument', rule)

/** Whether a text can be the handle of an account: `[a-z0-9][a-z0-9._-]{0,31}`. */
export const isHandle = (text: string): boolean => HANDLE.test(text)

/** @throws AccountsError `invalid-handle` */
export function checkHandle(handle: unknown): void {
  if (typeof handle === 'string' && isHandle(handle)) return
  throw new AccountsError('invalid-handle', 'a handle has 1 to 32 letters a to z, digits, ".", "_" and "-"')
}

/** @throws AccountsError `invalid-argument` unless these are options of known names */
export function checkOptions(options: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object')
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw invalid(`unknown option "${unknown}"`)
}

/** @throws AccountsError `invalid-argument` unless `value` is a whole number from `min` to `max` */
export function checkInteger(name: string, value: unknown, { min, max }: { min: number; max: number }): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return
  throw invalid(`${name} must be a whole number from ${min} to ${max}`)
}

/** The size of a page: 1 to 1000. */
export const checkLimit = (value: unknown): void => checkInteger('limit', value, { min: 1, max: 1000 })

/** Well-formed text without NUL, with 1 to `max` code points. */
export function checkText(name: string, value: unknown, max: number): void {
  const isText = typeof value === 'string' && value.isWellFormed() && !value.includes('\0') && value !== ''
  if (isText && countCodePoints(value) <= max) return
  throw invalid(`${name} must be text of 1 to ${max} characters`)
}

/** @throws AccountsError `invalid-argument` unless `value` is one of `allowed` */
export function checkOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) throw invalid(`${name} must be one of ${allowed.join(', ')}`)
}

/** A text's length as people count it, without surrogates counted twice. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
