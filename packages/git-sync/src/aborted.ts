import { GitSyncError } from './git-sync-error.js'

/** What an operation rejects with when its caller's signal, or `close()`, ended it in time. */
export const abortedError = (): GitSyncError =>
  new GitSyncError('aborted', 'the operation was ended before anything was published')

/** Throws `aborted` once the signal has. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError()
}
