import type { ReadOptions, RecordedCommit, RecordedFile } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import { DEFAULT_MAX_FILE_BYTES } from '../read-options.js'
import { type ChangedFile, readChangedFiles } from './changed-files.js'
import type { GithubClient } from './github-client.js'
import type { ListedCommit } from './history-calls.js'
import { readBlob } from './object-calls.js'
import { contentOfPatch } from './patch-content.js'
import type { Trees } from './trees.js'

const REGULAR_FILE = /^100/

/** What {@link createReadCommit} needs. */
export interface ReadCommitDependencies {
  readonly client: GithubClient
  readonly trees: Trees
}

/** Reads the files of commits: one request for most commits, however many files they have. */
export function createReadCommit({ client, trees }: ReadCommitDependencies) {
  return async function readCommit(
    commit: ListedCommit,
    { within, maxFileBytes = DEFAULT_MAX_FILE_BYTES, signal }: ReadOptions & { signal: AbortSignal },
  ): Promise<RecordedCommit> {
    const changed = await readChangedFiles(commit, { client, trees, within, signal })
    const files: RecordedFile[] = []
    for (const file of changed.sort(byPath)) {
      files.push(await readFile(file, { tree: commit.tree, maxFileBytes, signal }))
    }
    const { tree, parents, ...recorded } = commit
    return { ...recorded, files }
  }

  async function readFile(
    { path, blob, patch }: ChangedFile,
    { tree, maxFileBytes, signal }: { tree: string; maxFileBytes: number; signal: AbortSignal },
  ): Promise<RecordedFile> {
    if (blob === null) return { path, content: null }
    const shown = patch === undefined ? null : contentOfPatch(patch, blob)
    if (shown) return shown.byteLength > maxFileBytes ? tooLarge(path) : { path, content: shown }
    const entry = await trees.find(tree, path, signal)
    if (entry?.sha !== blob) throw new GitSyncError('unavailable', 'GitHub does not know all of a commit yet')
    if (!REGULAR_FILE.test(entry.mode)) return { path, content: null, omitted: 'not-a-file' }
    if (entry.size > maxFileBytes) return tooLarge(path)
    return { path, content: await client.send(readBlob(blob), signal) }
  }
}

const tooLarge = (path: string): RecordedFile => ({ path, content: null, omitted: 'too-large' })

const byPath = (one: ChangedFile, other: ChangedFile): number =>
  Buffer.compare(Buffer.from(one.path), Buffer.from(other.path))
