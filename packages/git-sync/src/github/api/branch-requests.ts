import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import type { ErrorResponse } from './failure.js'
import { at, type GithubRequest, hashAt, textAt } from './request.js'

/** Where a branch is. `empty`: the repository has no commit at all, and only `initializeRepository` can write to it. */
export type BranchState = { readonly head: CommitHash } | 'missing' | 'empty'

/** Reads where a branch is. */
export const readBranch = (branch: string): GithubRequest<BranchState> => ({
  route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
  parameters: { ref: `heads/${branch}` },
  read: (data) => {
    const head = hashAt(data, 'object', 'sha')
    return head === undefined ? undefined : { head }
  },
  readError: ({ status, message }) => {
    if (status === 404) return 'missing'
    return status === 409 && /empty/i.test(message) ? 'empty' : undefined
  },
})

/** Creates a branch that does not exist. */
export const createBranch = (branch: string, commit: CommitHash): GithubRequest<CommitHash> => ({
  route: 'POST /repos/{owner}/{repo}/git/refs',
  parameters: { ref: `refs/heads/${branch}`, sha: commit },
  read: (data) => hashAt(data, 'object', 'sha'),
  readError: throwIfMoved,
})

/** Moves a branch forward; succeeds if it is already there. */
export const moveBranch = (branch: string, commit: CommitHash): GithubRequest<CommitHash> => ({
  route: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
  parameters: { ref: `heads/${branch}`, sha: commit, force: false },
  read: (data) => hashAt(data, 'object', 'sha'),
  readError: throwIfMoved,
})

const MOVED = /not a fast.forward|cannot be updated|reference already exists|reference does not exist/i

function throwIfMoved({ status, message }: ErrorResponse): undefined {
  if (status === 422 && MOVED.test(message)) throw staleHead()
}

/** The branch is not where the caller expected it. */
export const staleHead = (): GitSyncError =>
  new GitSyncError('stale-head', 'the branch on GitHub is not where it was expected')

/** Makes the first commit of an empty repository, on its default branch; `null` if another writer was faster. */
export const initializeRepository = (): GithubRequest<{ commit: CommitHash; tree: string } | null> => ({
  route: 'PUT /repos/{owner}/{repo}/contents/{path}',
  parameters: {
    path: '.gitkeep',
    message: 'Begin the repository\n\nGitHub takes commits with several files only on top of another one.\n',
    content: Buffer.from('This file began the repository.\n').toString('base64'),
  },
  read: (data) => {
    const [commit, tree] = [hashAt(data, 'commit', 'sha'), hashAt(data, 'commit', 'tree', 'sha')]
    return commit === undefined || tree === undefined ? undefined : { commit, tree }
  },
  readError: ({ status, message }) =>
    (status === 409 && /but expected|expected to be|empty/i.test(message)) ||
    (status === 422 && /"sha" wasn't supplied/.test(message))
      ? null
      : undefined,
})

/** GitHub's description of the repository itself. */
export interface RepositoryFacts {
  readonly defaultBranch: string
  readonly isPrivate: boolean
  readonly isArchived: boolean
  readonly isDisabled: boolean
  /** False for a GitHub App, whatever it is allowed: GitHub does not say. */
  readonly isReadOnly: boolean
}

/** Reads GitHub's description of the repository. */
export const readRepository = (): GithubRequest<RepositoryFacts> => ({
  route: 'GET /repos/{owner}/{repo}',
  read: (data) => {
    const defaultBranch = textAt(data, 'default_branch')
    if (defaultBranch === undefined) return undefined
    return {
      defaultBranch,
      isPrivate: at(data, 'private') === true,
      isArchived: at(data, 'archived') === true,
      isDisabled: at(data, 'disabled') === true,
      isReadOnly: at(data, 'permissions', 'pull') === true && at(data, 'permissions', 'push') === false,
    }
  },
})
