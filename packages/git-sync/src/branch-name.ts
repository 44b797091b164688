import { GitSyncError } from './git-sync-error.js'

const refuse = (reason: string): never => {
  throw new GitSyncError('misconfigured', `not a branch name: it ${reason}`)
}

/**
 * Throws `misconfigured` unless Git would accept the name for a branch (the rules of
 * `git check-ref-format --branch`, without its `@{-1}` shorthands).
 */
export function assertBranchName(name: string): void {
  if (typeof name !== 'string') refuse('is not text')
  if (name === '') refuse('is empty')
  if (name.startsWith('-')) refuse('starts with "-"')
  if (name === '@' || name === 'HEAD') refuse(`is "${name}"`)
  if (name.endsWith('.')) refuse('ends with "."')
  if (name.includes('..')) refuse('contains ".."')
  if (name.includes('@{')) refuse('contains "@{"')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000- \u007f~^:?*[\\]/.test(name)) {
    refuse('contains a space, a control character or one of ~ ^ : ? * [ \\')
  }
  if (/\p{Surrogate}/u.test(name)) refuse('is not well-formed Unicode')
  for (const part of name.split('/')) {
    if (part === '') refuse('has an empty part')
    if (part.startsWith('.')) refuse('has a part that starts with "."')
    if (part.endsWith('.lock')) refuse('has a part that ends with ".lock"')
  }
}
