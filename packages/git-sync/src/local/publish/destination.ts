import type { CommitHash } from '../../git-backend.js'

/** Commits that are ready to be published: they are in our repository, and nobody has seen them. */
export interface Publication {
  readonly parent: CommitHash | null
  readonly tip: CommitHash
}

/** The branch that counts: our own, or that of a remote. Everything rejects with a `GitSyncError`. */
export interface Destination {
  /** Where the branch is, or `null` while it does not exist. */
  head(signal: AbortSignal): Promise<CommitHash | null>
  /** Like `head`, and the commit and its history are in our own repository afterwards. */
  bring(signal: AbortSignal): Promise<CommitHash | null>
  /** Resolves once the branch is known to contain `tip`. Throws `stale-head` if it was not at `parent`. */
  publish(publication: Publication, signal: AbortSignal): Promise<void>
}
