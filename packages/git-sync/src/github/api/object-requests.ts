import type { CommitAuthor, CommitDraft, CommitHash } from '../../git-backend.js'
import { withFinalLineEnd } from '../../record-commit.js'
import type { ErrorResponse } from './failure.js'
import { at, blobName, type GithubRequest, hashAt, listOf, textAt, throwIfNotYetKnown } from './request.js'

/** One entry of a folder. */
export interface TreeEntry {
  /** Its name in the folder. */
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
  /** Of files, in bytes. */
  readonly size: number
}

/** One entry of a tree to create; `sha: null` removes what is there. */
export type NewTreeEntry = { readonly path: string; readonly mode: string; readonly type: string } & (
  | { readonly content: string }
  | { readonly sha: string | null }
)

/** GitHub, or a proxy in front of it, does not accept as much at once, or could not do it in time. */
export interface TooMuch {
  readonly tooMuch: ErrorResponse
}

/** Creates a tree from another one and its changes. */
export const createTree = (
  entries: readonly NewTreeEntry[],
  base: string | null,
): GithubRequest<string | TooMuch> => ({
  route: 'POST /repos/{owner}/{repo}/git/trees',
  parameters: { tree: entries, ...(base !== null && { base_tree: base }) },
  read: (data) => hashAt(data, 'sha'),
  readError: (response) => (isTooMuch(response) ? { tooMuch: response } : undefined),
})

const isTooMuch = ({ status, message }: ErrorResponse): boolean =>
  [413, 502, 504].includes(status) || (status === 422 && /timed out|too (?:large|big)/i.test(message))

/** Creates the object of a file that a tree cannot carry as text. */
export const createBlob = (content: Uint8Array): GithubRequest<string> => ({
  route: 'POST /repos/{owner}/{repo}/git/blobs',
  parameters: { content: Buffer.from(content).toString('base64'), encoding: 'base64' },
  read: (data) => hashAt(data, 'sha'),
})

/** Creates a commit that no branch contains yet. The same commit has the same name each time. */
export const createCommit = (
  draft: CommitDraft,
  { tree, parent }: { tree: string; parent: CommitHash | null },
): GithubRequest<CommitHash> => ({
  route: 'POST /repos/{owner}/{repo}/git/commits',
  parameters: {
    message: withFinalLineEnd(draft.message),
    tree,
    parents: parent === null ? [] : [parent],
    author: signature(draft.author, draft.authorDate),
    committer: signature(draft.committer, draft.committerDate),
  },
  read: (data) => hashAt(data, 'sha'),
})

const signature = ({ name, email }: CommitAuthor, date: Date) => ({
  name,
  email,
  date: date.toISOString().replace(/\.\d+Z$/, 'Z'),
})

/** The tree of a commit; `null` if GitHub does not know the commit. */
export const treeOfCommit = (commit: CommitHash): GithubRequest<string | null> => ({
  route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  parameters: { commit_sha: commit },
  read: (data) => hashAt(data, 'tree', 'sha'),
  readError: ({ status }) => (status === 404 ? null : undefined),
})

/** The entries of a folder, not recursively; `too-large` if GitHub does not list them all. */
export const readTree = (tree: string): GithubRequest<TreeEntry[] | 'too-large'> => ({
  route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  parameters: { tree_sha: tree },
  read: (data) => (at(data, 'truncated') === true ? 'too-large' : listOf(at(data, 'tree'), treeEntry)),
  readError: throwIfNotYetKnown,
})

function treeEntry(item: unknown): TreeEntry | undefined {
  const [path, mode, type] = [textAt(item, 'path'), textAt(item, 'mode'), textAt(item, 'type')]
  const sha = hashAt(item, 'sha')
  if (path === undefined || mode === undefined || type === undefined || sha === undefined) return undefined
  return { path, mode, type, sha, size: Number(at(item, 'size') ?? 0) }
}

/** The content of a file of this size, verified against its name. */
export const readBlob = (blob: string, size: number): GithubRequest<Uint8Array> => ({
  route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  minResponseLimitBytes: 2 * size,
  parameters: { file_sha: blob },
  read: (data) => {
    const content = Buffer.from(textAt(data, 'content') ?? '', 'base64')
    return blobName(content) === blob ? content : undefined
  },
  readError: throwIfNotYetKnown,
})
