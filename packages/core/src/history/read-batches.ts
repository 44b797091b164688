import type { CommitHash, GitBackend, RecordedCommit } from '@gitmsg/git-sync'
import { FORMAT_PATH } from '../format/format-file.js'
import { MAX_MESSAGE_FILE_BYTES } from '../format/message-file.js'
import { MESSAGES_FOLDER } from '../format/message-path.js'

/** How much of the history is held in memory, and stored in one transaction. */
const COMMITS = 500
const FILES = 500
const BYTES = 1024 * 1024

/**
 * The commits after the cursor (`null`: from the beginning) with the files that are ours to understand, oldest
 * first, some at a time: never an empty batch, and a large commit is a batch of its own.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 */
export async function* readBatches(
  backend: GitBackend,
  cursor: CommitHash | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordedCommit[]> {
  const commits = backend.changesSince(cursor, {
    within: [MESSAGES_FOLDER, FORMAT_PATH],
    maxFileBytes: MAX_MESSAGE_FILE_BYTES,
    ...(signal && { signal }),
  })
  let batch: RecordedCommit[] = []
  let files = 0
  let bytes = 0
  for await (const commit of commits) {
    batch.push(commit)
    files += commit.files.length
    for (const { content } of commit.files) bytes += content?.byteLength ?? 0
    if (batch.length < COMMITS && files < FILES && bytes < BYTES) continue
    yield batch
    batch = []
    files = 0
    bytes = 0
  }
  if (batch.length > 0) yield batch
}
