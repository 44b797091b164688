import type { CommitDraft, CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { assertAppendRequest, assertFilePath, isCommitHash } from '../../validate-request.js'

/** What the whole history has at a path from now on. */
export interface PathRewrite {
  /** Relative, separated by `/`. */
  readonly path: string
  /** The file in every commit that has one at this path. */
  readonly content: string | Uint8Array
  /**
   * Replaces what is said about commits that held nothing but this file: the one that adds it, and those of which only
   * companions are left. Without dates, a commit keeps its own.
   */
  readonly commit?: RewrittenCommit
}

/** See {@link PathRewrite.commit}. */
export type RewrittenCommit = Pick<CommitDraft, 'message' | 'author' | 'committer'> &
  Partial<Pick<CommitDraft, 'authorDate' | 'committerDate'>>

/** How to rewrite a branch. */
export interface BranchRewriteOptions {
  /** Where the branch must be: `stale-head` otherwise. */
  readonly tip: CommitHash
  /** Paths that do not count as something else in a commit that changes a file. Default: none. */
  readonly companions?: readonly string[]
  /** Only counts, and changes nothing. Default: false. */
  readonly dryRun?: boolean
  /** Called now and then with the number of commits that have been read. */
  readonly onProgress?: (commits: number) => void
  /** Stops before the branch is moved: rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** What became of a branch. */
export interface BranchRewrite {
  /** Where the branch was. */
  readonly oldTip: CommitHash
  /** Where it is now: the same if there was nothing to rewrite, `null` after a dry run that found something. */
  readonly newTip: CommitHash | null
  /** Commits that have another hash now. */
  readonly rewritten: number
  /** Commits that were left out, because nothing of them was left. */
  readonly dropped: number
  /** The first commit that changed; `null` if there was nothing to rewrite. */
  readonly first: CommitHash | null
  /** Other refs of the local repository that still have old commits; always empty after a dry run. */
  readonly otherRefs: readonly string[]
  /** Old contents that the local repository still has: because of other refs, or of packs that people protect. */
  readonly remaining: number
}

/** The paths become arguments of git, whose length is limited. */
const MAX_PATHS = 1000

/** Throws `invalid-change` for what could not be written, before anything is read. */
export function assertBranchRewrite(rewrites: readonly PathRewrite[], { tip }: BranchRewriteOptions): void {
  const fail = (reason: string): never => {
    throw new GitSyncError('invalid-change', reason)
  }
  if (!isCommitHash(tip)) fail('the tip is not a commit hash')
  if (rewrites.length === 0) fail('there are no paths to rewrite')
  if (rewrites.length > MAX_PATHS) fail(`more than ${MAX_PATHS} paths are to be rewritten at once`)
  for (const { path, content, commit } of rewrites) {
    assertFilePath(path)
    if (!commit) continue
    const { authorDate = new Date(0), committerDate = new Date(0), ...rest } = commit
    const files = [{ path, content }]
    assertAppendRequest({ parent: null, commits: [{ ...rest, authorDate, committerDate, files }] })
  }
  if (new Set(rewrites.map(({ path }) => path)).size < rewrites.length) fail('a path is named twice')
}
