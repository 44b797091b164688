import type { CommitHash } from '../git-backend.js'
import { isWithin } from '../read-options.js'
import type { GithubClient } from './github-client.js'
import { type FilePage, type ListedCommit, listFiles } from './history-calls.js'
import { treeOfCommit } from './object-calls.js'
import { treeDifferences } from './tree-differences.js'
import type { Trees } from './trees.js'

/** A file that a commit added, changed or removed. */
export interface ChangedFile {
  readonly path: string
  /** The name of its content afterwards; `null` when it was removed. */
  readonly blob: string | null
  /** What GitHub shows of it, when the commit added it. */
  readonly patch?: string | undefined
}

/** GitHub lists no more files of one commit, and does not say that there are more. */
const MOST_LISTED = 3000

/** What {@link readChangedFiles} needs. */
export interface ChangedFilesOptions {
  readonly client: GithubClient
  readonly trees: Trees
  /** As of `ReadOptions`. */
  readonly within: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** The files that a commit changed. Of merges, only what differs from all parents. */
export async function readChangedFiles(
  commit: ListedCommit,
  options: ChangedFilesOptions,
): Promise<ChangedFile[]> {
  const { trees, within, signal } = options
  const [first, ...others] = commit.parents
  const listed = await readListedFiles(commit.hash, options)
  let files =
    listed ?? (await treeDifferences({ before: await treeOf(first, options), after: commit.tree }, options))
  files = files.filter(({ path }) => isWithin(path, within))
  for (const parent of others) {
    const tree = await treeOf(parent, options)
    const kept: ChangedFile[] = []
    for (const file of files) {
      const before = await trees.find(tree, file.path, signal)
      if ((before?.sha ?? null) !== file.blob) kept.push(file)
    }
    files = kept
  }
  return files
}

/** As GitHub lists them; `null` where there may be more than it lists. */
async function readListedFiles(
  commit: CommitHash,
  { client, signal }: ChangedFilesOptions,
): Promise<ChangedFile[] | null> {
  const files: ChangedFile[] = []
  let page: number | undefined = 1
  while (page !== undefined) {
    const listed: FilePage = await client.send(listFiles(commit, page), signal)
    for (const { path, status, blob, patch, previousPath } of listed.files) {
      if (status === 'renamed' && previousPath !== undefined) files.push({ path: previousPath, blob: null })
      if (status === 'removed') files.push({ path, blob: null })
      else if (blob === undefined) return null
      else if (status !== 'unchanged') files.push({ path, blob, patch })
    }
    if (files.length >= MOST_LISTED) return null
    page = listed.nextPage
  }
  return files
}

async function treeOf(
  commit: CommitHash | undefined,
  { client, signal }: ChangedFilesOptions,
): Promise<string | null> {
  return commit === undefined ? null : client.send(treeOfCommit(commit), signal)
}
