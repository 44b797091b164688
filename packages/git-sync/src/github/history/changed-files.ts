import type { CommitHash } from '../../git-backend.js'
import { isWithin } from '../../record-commit.js'
import type { GithubClient } from '../api/client.js'
import { type FilePage, type ListedCommit, listFiles } from '../api/history-requests.js'
import { type TreeEntry, treeOfCommit } from '../api/object-requests.js'
import type { Trees } from './trees.js'

/** A file that a commit added, changed or removed. */
export interface ChangedFile {
  readonly path: string
  /** The object name of its content afterwards; `null` if it was removed. */
  readonly blob: string | null
  /** The patch that GitHub shows, if the commit added the file. */
  readonly patch?: string | undefined
}

/** GitHub lists no more files of one commit, and does not indicate that there are more. */
const MAX_LISTED = 3000

/** What {@link readChangedFiles} needs. */
export interface ChangedFilesOptions {
  readonly client: GithubClient
  readonly trees: Trees
  /** As in `ReadOptions`. */
  readonly within: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** The files that a commit changed against its first parent. */
export async function readChangedFiles(
  commit: ListedCommit,
  options: ChangedFilesOptions,
): Promise<ChangedFile[]> {
  const listed = await readListedFiles(commit.hash, options)
  const files =
    listed ??
    (await treeDifferences({ before: await treeOf(commit.parents[0], options), after: commit.tree }, options))
  return files.filter(({ path }) => isWithin(path, options.within))
}

/** The files as GitHub lists them; `null` if there may be more. */
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
    if (files.length >= MAX_LISTED) return null
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

/** Two states of a folder; `null` if it does not exist. */
interface FolderStates {
  readonly before: string | null
  readonly after: string | null
  /** The folder's path with a final slash. Default: the root. */
  readonly folder?: string
}

/** The files that differ between two states of a folder. Reads only the folders that differ. */
async function treeDifferences(
  { before, after, folder = '' }: FolderStates,
  options: ChangedFilesOptions,
): Promise<ChangedFile[]> {
  const { trees, within, signal } = options
  const old = byName(await trees.entries(before, signal))
  const now = byName(await trees.entries(after, signal))
  const files: ChangedFile[] = []
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)]
    const path = `${folder}${name}`
    if ((was?.sha === is?.sha && was?.mode === is?.mode) || !leadsTo(path, within)) continue
    if (is && !isFolder(is)) files.push({ path, blob: is.sha })
    else if (was && !isFolder(was)) files.push({ path, blob: null })
    const states = { before: folderOf(was), after: folderOf(is), folder: `${path}/` }
    if (states.before ?? states.after) files.push(...(await treeDifferences(states, options)))
  }
  return files
}

const byName = (entries: readonly TreeEntry[]): Map<string, TreeEntry> =>
  new Map(entries.map((entry) => [entry.path, entry]))

const isFolder = ({ type }: TreeEntry): boolean => type === 'tree'
const folderOf = (entry: TreeEntry | undefined): string | null =>
  entry && isFolder(entry) ? entry.sha : null

/** Whether a path is wanted or contains a wanted one. */
const leadsTo = (path: string, within: readonly string[] | undefined): boolean =>
  isWithin(path, within) || within?.some((wanted) => isWithin(wanted, [path])) === true
