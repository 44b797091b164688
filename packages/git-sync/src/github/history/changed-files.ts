import type { CommitHash } from '../../git-backend.js'
import { isWithin } from '../../record-commit.js'
import { byPath } from '../../tree.js'
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
/** More patches than this are not held: the contents are read one by one instead. */
const MAX_PATCH_LENGTH = 4 * 1024 * 1024

/** What {@link readChangedFiles} needs. */
export interface ChangedFilesOptions {
  readonly client: GithubClient
  readonly trees: Trees
  /** As in `ReadOptions`. */
  readonly within: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** The files that a commit changed against its first parent, in the order of their paths. */
export async function* readChangedFiles(
  commit: ListedCommit,
  options: ChangedFilesOptions,
): AsyncGenerator<ChangedFile> {
  const listed = await readListedFiles(commit.hash, options)
  if (listed) {
    yield* listed.sort(byPath)
    return
  }
  const before = await treeOf(commit.parents[0], options)
  yield* treeDifferences({ before, after: commit.tree, folder: '' }, options)
}

/** The files as GitHub lists them; `null` if there may be more. */
async function readListedFiles(
  commit: CommitHash,
  { client, within, signal }: ChangedFilesOptions,
): Promise<ChangedFile[] | null> {
  const files: ChangedFile[] = []
  let listed = 0
  let patchLength = 0
  let page: number | undefined = 1
  while (page !== undefined) {
    const found: FilePage = await client.send(listFiles(commit, page), signal)
    for (const { path, status, blob, patch, previousPath } of found.files) {
      if (status === 'renamed' && previousPath !== undefined) files.push({ path: previousPath, blob: null })
      if (status === 'removed') files.push({ path, blob: null })
      else if (blob === undefined) return null
      else if (status !== 'unchanged' && isWithin(path, within)) {
        patchLength += patch?.length ?? 0
        files.push({ path, blob, patch: patchLength > MAX_PATCH_LENGTH ? undefined : patch })
      }
    }
    listed += found.files.length
    if (listed >= MAX_LISTED) return null
    page = found.nextPage
  }
  return files.filter(({ path }) => isWithin(path, within))
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
  /** The folder's path with a final slash; empty for the root. */
  readonly folder: string
}

/** A file or a folder that differs. A folder's path has a final slash, as in Git's order. */
type Difference = { readonly path: string } & (
  | { readonly file: ChangedFile }
  | { readonly states: FolderStates }
)

/** The files that differ between two states of a folder. Reads only the folders that differ. */
async function* treeDifferences(
  states: FolderStates,
  options: ChangedFilesOptions,
): AsyncGenerator<ChangedFile> {
  for (const difference of await folderDifferences(states, options)) {
    if ('file' in difference) yield difference.file
    else yield* treeDifferences(difference.states, options)
  }
}

async function folderDifferences(
  { before, after, folder }: FolderStates,
  { trees, within, signal }: ChangedFilesOptions,
): Promise<Difference[]> {
  const old = await trees.entries(before, signal)
  const now = await trees.entries(after, signal)
  const differences: Difference[] = []
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)]
    const path = `${folder}${name}`
    if ((was?.sha === is?.sha && was?.mode === is?.mode) || !leadsTo(path, within)) continue
    if (isWithin(path, within)) {
      if (is && !isFolder(is)) differences.push({ path, file: { path, blob: is.sha } })
      else if (was && !isFolder(was)) differences.push({ path, file: { path, blob: null } })
    }
    const states = { before: folderOf(was), after: folderOf(is), folder: `${path}/` }
    if (states.before ?? states.after) differences.push({ path: states.folder, states })
  }
  return differences.sort(byPath)
}

const isFolder = ({ type }: TreeEntry): boolean => type === 'tree'
const folderOf = (entry: TreeEntry | undefined): string | null =>
  entry && isFolder(entry) ? entry.sha : null

/** Whether a path is wanted or contains a wanted one. */
const leadsTo = (path: string, within: readonly string[] | undefined): boolean =>
  isWithin(path, within) || within?.some((wanted) => isWithin(wanted, [path])) === true
