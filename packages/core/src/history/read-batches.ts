import type { CommitHash, GitBackend, RecordedCommit } from '@gitmsg/git-sync'
import { FORMAT_PATH } from '../format/format-file.js'
import { MAX_MESSAGE_FILE_BYTES, MESSAGES_FOLDER } from '../format/message-file.js'

/** How much of the history is held in memory, and stored in one transaction. */
const MAX_COMMITS = 500
const MAX_FILES = 500
const MAX_BYTES = 1024 * 1024

/** How to read batches. */
export interface BatchReading {
  /** Also read what the head has at the path of each file. Default: false. */
  readonly compareWithHead?: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Streams the commits after the cursor (`null`: from the beginning) with their message and format files, oldest first,
 * in batches. A batch is never empty, and may end within a commit: see `isContinued`.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 */
export async function* readBatches(
  backend: GitBackend,
  cursor: CommitHash | null,
  { compareWithHead = false, signal }: BatchReading = {},
): AsyncGenerator<RecordedCommit[]> {
  const commits = backend.changesSince(cursor, {
    within: [MESSAGES_FOLDER, FORMAT_PATH],
    maxFileBytes: MAX_MESSAGE_FILE_BYTES,
    compareWithHead,
    ...(signal && { signal }),
  })
  let batch: RecordedCommit[] = []
  let files = 0
  let bytes = 0
  for await (const commit of commits) {
    batch.push(commit)
    files += commit.files.length
    bytes += bytesOf(commit)
    if (batch.length < MAX_COMMITS && files < MAX_FILES && bytes < MAX_BYTES) continue
    yield batch
    batch = []
    files = 0
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

function bytesOf({ message, files }: RecordedCommit): number {
  let bytes = message.length
  for (const { path, content, superseded } of files) {
    bytes += path.length + (content?.byteLength ?? 0) + (superseded?.content?.byteLength ?? 0)
  }
  return bytes
}
