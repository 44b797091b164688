import { GitSyncError } from './git-sync-error.js'

/** Throws `misconfigured` unless the value is text, for what does not come from TypeScript. Never repeats it. */
export function assertText(name: string, value: unknown): void {
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return
  throw new GitSyncError('misconfigured', `${name} is not text`)
}

/** Throws `misconfigured` unless these are options. */
export function assertOptions(options: unknown): void {
  if (typeof options === 'object' && options !== null) return
  throw new GitSyncError('misconfigured', 'the options are not an object')
}
