import { inParts } from '../../commit-parts.js'
import type { ReadOptions, RecordedCommit, RecordedFile } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { DEFAULT_MAX_FILE_BYTES } from '../../record-commit.js'
import type { GithubClient } from '../api/client.js'
import type { ListedCommit } from '../api/history-requests.js'
import { readBlob, type TreeEntry } from '../api/object-requests.js'
import { blobName } from '../api/request.js'
import { type ChangedFile, readChangedFiles } from './changed-files.js'
import type { Trees } from './trees.js'

const REGULAR_FILE_MODE = /^100/

/** What {@link createReadCommit} needs. */
export interface ReadCommitDependencies {
  readonly client: GithubClient
  readonly trees: Trees
}

/** What to read of a commit. */
export interface ReadCommitOptions extends Omit<ReadOptions, 'compareWithHead'> {
  /** The tree of the head to compare with; `null`: nothing is compared. */
  readonly headTree: string | null
  readonly signal: AbortSignal
}

/** Reads commits in parts: one request for most commits, however many files they have. */
export function createReadCommit({ client, trees }: ReadCommitDependencies) {
  return function readCommit(
    commit: ListedCommit,
    options: ReadCommitOptions,
  ): AsyncGenerator<RecordedCommit> {
    const { tree, parents, ...recorded } = commit
    return inParts(recorded, readFiles(commit, options))
  }

  async function* readFiles(
    commit: ListedCommit,
    { within, maxFileBytes = DEFAULT_MAX_FILE_BYTES, headTree, signal }: ReadCommitOptions,
  ): AsyncGenerator<RecordedFile> {
    for await (const file of readChangedFiles(commit, { client, trees, within, signal })) {
      const read = await readFile(file, { tree: commit.tree, maxFileBytes, signal })
      yield headTree === null ? read : await compare(file, read, { headTree, maxFileBytes, signal })
    }
  }

  /** The file, with what the head has at its path if that differs. */
  async function compare(
    { path, blob }: ChangedFile,
    file: RecordedFile,
    { headTree, maxFileBytes, signal }: { headTree: string; maxFileBytes: number; signal: AbortSignal },
  ): Promise<RecordedFile> {
    const entry = await trees.find(headTree, path, signal)
    const now = entry?.type === 'tree' ? null : entry
    if ((now?.sha ?? null) === blob) return file
    if (!now) return { ...file, superseded: { content: null } }
    const { path: _, ...superseded } = await readEntry(path, now, { maxFileBytes, signal })
    return { ...file, superseded }
  }

  async function readFile(
    { path, blob, patch }: ChangedFile,
    { tree, maxFileBytes, signal }: { tree: string; maxFileBytes: number; signal: AbortSignal },
  ): Promise<RecordedFile> {
    if (blob === null) return { path, content: null }
    const shown = patch === undefined ? null : contentOfPatch(patch, blob)
    if (shown) return shown.byteLength > maxFileBytes ? tooLarge(path) : { path, content: shown }
    const entry = await trees.find(tree, path, signal)
    if (entry?.sha !== blob) throw new GitSyncError('unavailable', 'GitHub cannot see the whole commit yet')
    return readEntry(path, entry, { maxFileBytes, signal })
  }

  async function readEntry(
    path: string,
    { mode, size, sha }: TreeEntry,
    { maxFileBytes, signal }: { maxFileBytes: number; signal: AbortSignal },
  ): Promise<RecordedFile> {
    if (!REGULAR_FILE_MODE.test(mode)) return { path, content: null, omitted: 'not-a-file' }
    if (size > maxFileBytes) return tooLarge(path)
    return { path, content: await client.send(readBlob(sha, size), signal) }
  }
}

const tooLarge = (path: string): RecordedFile => ({ path, content: null, omitted: 'too-large' })

const WHOLE_FILE = /^@@ -0,0 \+1(?:,\d+)? @@/

/**
 * The content of a file that a commit added, from the patch that GitHub shows; `null` unless it is exactly the content
 * named by `blob`. Saves a request for it.
 *
 * Works only for files with a final line end: one without may be a symbolic link, which a patch does not reveal.
 */
function contentOfPatch(patch: string, blob: string): Uint8Array | null {
  const [header = '', ...lines] = patch.split('\n')
  if (!WHOLE_FILE.test(header) || !lines.every((line) => line.startsWith('+'))) return null
  const content = Buffer.from(lines.map((line) => `${line.slice(1)}\n`).join(''))
  return blobName(content) === blob ? content : null
}
