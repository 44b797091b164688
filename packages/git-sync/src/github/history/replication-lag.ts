/** GitHub's reads lag behind its writes, by up to half a minute as has been observed. */
const MAX_LAG_MS = 60_000

/** Decides when to believe a branch that seems to have gone back. */
export interface ReplicationLag {
  /** Call while the branch seems to have gone back: whether that has lasted longer than any lag. */
  hasOutlastedReplicationLag(): boolean
  /** Call when the branch no longer seems to have gone back. */
  reset(): void
}

/** Starts measuring when the branch first seems to have gone back. */
export function createReplicationLag(clock: () => number): ReplicationLag {
  let since: number | null = null
  return {
    hasOutlastedReplicationLag() {
      since ??= clock()
      return clock() - since > MAX_LAG_MS
    },
    reset() {
      since = null
    },
  }
}
