import { isWithin } from '../read-options.js'
import type { ChangedFile } from './changed-files.js'
import type { TreeEntry } from './object-calls.js'
import type { Trees } from './trees.js'

/** Two states of a folder; `null` where there was none. */
interface FolderStates {
  readonly before: string | null
  readonly after: string | null
  /** The folder's path with a final slash. Default: the root. */
  readonly folder?: string
}

/** How much to look at. */
interface DifferencesOptions {
  readonly trees: Trees
  /** As of `ReadOptions`. */
  readonly within: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** The files that differ between two states of a folder, looking only where these do. */
export async function treeDifferences(
  { before, after, folder = '' }: FolderStates,
  options: DifferencesOptions,
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

/** Whether a path is asked for, or has below it what is. */
const leadsTo = (path: string, within: readonly string[] | undefined): boolean =>
  isWithin(path, within) || within?.some((wanted) => isWithin(wanted, [path])) === true
