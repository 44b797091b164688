import { GitSyncError } from './git-sync-error.js'
import { redactTokens } from './redact.js'

// No message repeats a value: it may be a secret in the wrong place.
function fail(reason: string): never {
  throw new GitSyncError('misconfigured', reason)
}

/**
 * Throws `misconfigured` unless the options are an object that has only known options. The error names an unknown
 * option, never its value.
 *
 * @param known write it with `satisfies Record<keyof Options, true>`, so that the compiler keeps it complete
 * @param prefix goes before the names in the error, e.g. `timeouts.`
 */
export function assertOptions(
  options: unknown,
  known: Readonly<Record<string, true>>,
  prefix = '',
): asserts options is object {
  if (typeof options !== 'object' || options === null) {
    fail(prefix === '' ? 'the options are not an object' : `${prefix.slice(0, -1)} is not an object`)
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) fail(`unknown option ${JSON.stringify(redactTokens(prefix + name))}`)
  }
}

/** Throws `misconfigured` unless the value is well-formed text. */
export function assertText(name: string, value: unknown): void {
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) fail(`${name} is not text`)
}

/**
 * Throws `misconfigured` unless Git would accept the name for a branch (the rules of
 * `git check-ref-format --branch`, without its `@{-1}` shorthands).
 */
export function assertBranchName(name: string): void {
  const invalid = (reason: string): never => fail(`not a branch name: it ${reason}`)
  if (typeof name !== 'string') invalid('is not text')
  if (name === '') invalid('is empty')
  if (name.startsWith('-')) invalid('starts with "-"')
  if (name === '@' || name === 'HEAD') invalid(`is "${name}"`)
  if (name.endsWith('.')) invalid('ends with "."')
  if (name.includes('..')) invalid('contains ".."')
  if (name.includes('@{')) invalid('contains "@{"')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Git allows no control characters
  if (/[\u0000- \u007f~^:?*[\\]/.test(name)) {
    invalid('contains a space, a control character or one of ~ ^ : ? * [ \\')
  }
  if (/\p{Surrogate}/u.test(name)) invalid('is not well-formed Unicode')
  for (const part of name.split('/')) {
    if (part === '') invalid('has an empty part')
    if (part.startsWith('.')) invalid('has a part that starts with "."')
    if (part.endsWith('.lock')) invalid('has a part that ends with ".lock"')
  }
}
