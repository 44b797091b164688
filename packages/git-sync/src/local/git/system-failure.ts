import { GitSyncError } from '../../git-sync-error.js'

const REQUIRES_INTERVENTION = new Set(['EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'])

/** Gives an error of the operating system a code to act on; a mistake in our own code stays what it is. */
export function asGitSyncError(error: unknown): unknown {
  if (error instanceof GitSyncError || !isSystemError(error)) return error
  const code = REQUIRES_INTERVENTION.has(error.code) ? 'misconfigured' : 'unavailable'
  return new GitSyncError(code, `the repository's folder: ${error.code} in ${error.syscall}`, {
    cause: error,
  })
}

const isSystemError = (error: unknown): error is Error & { code: string; syscall: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
