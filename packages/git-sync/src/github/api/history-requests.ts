import type { CommitAuthor, CommitHash, RecordedCommit } from '../../git-backend.js'
import { withFinalLineEnd } from '../../record-commit.js'
import { at, type GithubRequest, hashAt, linkedPage, listOf, textAt, throwIfNotYetKnown } from './request.js'

/** A commit as lists of commits have it. */
export interface ListedCommit extends Omit<RecordedCommit, 'files'> {
  readonly tree: string
  readonly parents: readonly CommitHash[]
}

/** How one commit relates to another; `unknown`: GitHub does not know one of them, or they have nothing in common. */
type Relation = 'identical' | 'ahead' | 'behind' | 'diverged' | 'unknown'

/** How `head` relates to `base`, and a page of the commits that only `head` has, oldest first. */
export interface Comparison {
  readonly relation: Relation
  readonly aheadBy: number
  readonly commits: readonly ListedCommit[]
}

const COMMITS_PER_PAGE = 100

/** Compares two commits. */
export const compare = (
  { base, head }: { base: CommitHash; head: CommitHash },
  page = 1,
): GithubRequest<Comparison> => ({
  route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
  parameters: { basehead: `${base}...${head}`, per_page: COMMITS_PER_PAGE, page },
  read: (data) => {
    const relation = ['identical', 'ahead', 'behind', 'diverged'].find((each) => each === at(data, 'status'))
    const commits = listOf(at(data, 'commits'), listedCommit)
    if (relation === undefined || commits === undefined) return undefined
    return { relation: relation as Relation, aheadBy: Number(at(data, 'ahead_by')), commits }
  },
  readError: ({ status }) => (status === 404 ? { relation: 'unknown', aheadBy: 0, commits: [] } : undefined),
})

/** One page of a whole history, newest first, and the number of the last page. */
export interface CommitPage {
  readonly commits: readonly ListedCommit[]
  readonly lastPage: number
}

/** Reads one page of a whole history. */
export const listCommits = (head: CommitHash, page: number): GithubRequest<CommitPage> => ({
  route: 'GET /repos/{owner}/{repo}/commits',
  parameters: { sha: head, per_page: COMMITS_PER_PAGE, page },
  read: (data, headers) => {
    const commits = listOf(data, listedCommit)
    // The last page names no last page.
    const lastPage = linkedPage(headers, 'last') ?? (linkedPage(headers, 'next') ? undefined : page)
    return commits && lastPage !== undefined ? { commits, lastPage } : undefined
  },
  readError: throwIfNotYetKnown,
})

function listedCommit(item: unknown): ListedCommit | undefined {
  const [hash, tree] = [hashAt(item, 'sha'), hashAt(item, 'commit', 'tree', 'sha')]
  const message = textAt(item, 'commit', 'message')
  const parents = listOf(at(item, 'parents'), (parent) => hashAt(parent, 'sha'))
  if (hash === undefined || tree === undefined || message === undefined || !parents) return undefined
  const { author, date: authorDate } = signature(at(item, 'commit', 'author'))
  const { author: committer, date: committerDate } = signature(at(item, 'commit', 'committer'))
  const authorship = { author, authorDate, committer, committerDate }
  return { hash, tree, ...authorship, message: withFinalLineEnd(message), parents }
}

/** An author or committer; GitHub may omit any of it. */
function signature(data: unknown): { author: CommitAuthor; date: Date } {
  const time = Date.parse(textAt(data, 'date') ?? '')
  return {
    author: { name: textAt(data, 'name') ?? '', email: textAt(data, 'email') ?? '' },
    date: new Date(Number.isNaN(time) ? 0 : time),
  }
}

/** One file that a commit changed, against its first parent. */
interface ListedFile {
  readonly path: string
  readonly status: string
  /** The object name of its content afterwards. */
  readonly blob: string | undefined
  /** The change as text, unless it is binary or too long. */
  readonly patch: string | undefined
  readonly previousPath: string | undefined
}

/** Some of the files that a commit changed. */
export interface FilePage {
  readonly files: readonly ListedFile[]
  readonly nextPage: number | undefined
}

/** One page of the files that a commit changed. */
export const listFiles = (commit: CommitHash, page: number): GithubRequest<FilePage> => ({
  route: 'GET /repos/{owner}/{repo}/commits/{ref}',
  parameters: { ref: commit, ...(page > 1 && { page }) },
  read: (data, headers) => {
    const files = listOf(at(data, 'files') ?? [], listedFile)
    return files && { files, nextPage: linkedPage(headers, 'next') }
  },
  readError: throwIfNotYetKnown,
})

function listedFile(item: unknown): ListedFile | undefined {
  const [path, status] = [textAt(item, 'filename'), textAt(item, 'status')]
  if (path === undefined || status === undefined) return undefined
  return {
    path,
    status,
    blob: hashAt(item, 'sha'),
    patch: textAt(item, 'patch'),
    previousPath: textAt(item, 'previous_filename'),
  }
}
