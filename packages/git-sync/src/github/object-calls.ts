import { withFinalLineEnd } from '../commit-message.js'
import type { CommitAuthor, CommitDraft, CommitHash } from '../git-backend.js'
import { at, blobName, type GithubCall, hashAt, listOf, textAt, throwIfNotYetKnown } from './github-call.js'
import type { Refusal } from './refusal.js'

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

/** One entry of a tree to make; `sha: null` removes what is there. */
export type NewTreeEntry = { readonly path: string; readonly mode: string; readonly type: string } & (
  | { readonly content: string }
  | { readonly sha: string | null }
)

/** Makes a tree out of another and what is to change in it. `too-much`: GitHub could not do it in time. */
export const createTree = (
  entries: readonly NewTreeEntry[],
  base: string | null,
): GithubCall<string | 'too-much'> => ({
  route: 'POST /repos/{owner}/{repo}/git/trees',
  parameters: { tree: entries, ...(base !== null && { base_tree: base }) },
  read: (data) => hashAt(data, 'sha'),
  otherwise: (refusal) => (isTooMuch(refusal) ? 'too-much' : undefined),
})

const isTooMuch = ({ status, message }: Refusal): boolean =>
  status === 502 || status === 504 || (status === 422 && /timed out|too large/i.test(message))

/** Makes an object of a file that a tree cannot carry as text. */
export const createBlob = (content: Uint8Array): GithubCall<string> => ({
  route: 'POST /repos/{owner}/{repo}/git/blobs',
  parameters: { content: Buffer.from(content).toString('base64'), encoding: 'base64' },
  read: (data) => hashAt(data, 'sha'),
})

/** Makes a commit that no branch has yet. The same commit has the same name each time. */
export const createCommit = (
  draft: CommitDraft,
  { tree, parent }: { tree: string; parent: CommitHash | null },
): GithubCall<CommitHash> => ({
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

/** The tree of a commit; `null` where GitHub does not know the commit. */
export const treeOfCommit = (commit: CommitHash): GithubCall<string | null> => ({
  route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  parameters: { commit_sha: commit },
  read: (data) => hashAt(data, 'tree', 'sha'),
  otherwise: ({ status }) => (status === 404 ? null : undefined),
})

/** What is in a folder, without what is in its folders; `too-large` where GitHub does not tell all of it. */
export const readTree = (tree: string): GithubCall<TreeEntry[] | 'too-large'> => ({
  route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  parameters: { tree_sha: tree },
  read: (data) => (at(data, 'truncated') === true ? 'too-large' : listOf(at(data, 'tree'), treeEntry)),
  otherwise: throwIfNotYetKnown,
})

function treeEntry(item: unknown): TreeEntry | undefined {
  const [path, mode, type] = [textAt(item, 'path'), textAt(item, 'mode'), textAt(item, 'type')]
  const sha = hashAt(item, 'sha')
  if (path === undefined || mode === undefined || type === undefined || sha === undefined) return undefined
  return { path, mode, type, sha, size: Number(at(item, 'size') ?? 0) }
}

/** The content of a file, which is what its name says. */
export const readBlob = (blob: string): GithubCall<Uint8Array> => ({
  route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  parameters: { file_sha: blob },
  read: (data) => {
    const content = Buffer.from(textAt(data, 'content') ?? '', 'base64')
    return blobName(content) === blob ? content : undefined
  },
  otherwise: throwIfNotYetKnown,
})
