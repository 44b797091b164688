import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type BatchLimits,
  type CommitDraft,
  type CommitHash,
  type GitBackend,
  GitSyncError,
  type PreparedAppend,
} from '@gitmsg/git-sync'
import type { Cursor, Store } from '@gitmsg/store'
import { draftCommit, type EncodedChange } from '../format/commit.js'
import { formatFile } from '../format/format-file.js'
import { encodeMessageFile } from '../format/message-file.js'

/** Changes read and encoded in one turn of the event loop: a few milliseconds, even for the largest messages. */
const CHANGES_PER_TURN = 20
/** Commits drafted in one turn of the event loop: about a millisecond. */
const COMMITS_PER_TURN = 200

/** The changes that one request to the backend carries. */
export interface Batch {
  readonly changes: readonly EncodedChange[]
  /** Whether no more changes were waiting. */
  readonly isAll: boolean
  /** The sequence of the last change. */
  readonly last: number
}

/** A batch whose commits are built and can be published. */
export interface PreparedBatch extends Batch, PreparedAppend {
  /** The commit that its commits stand on. */
  readonly parent: CommitHash | null
  readonly filesPerCommit: number
}

/** Takes the oldest changes above a sequence that fit into one request, each encoded once; at least one, if any. */
export async function takeBatch(store: Store, limits: BatchLimits, after = 0): Promise<Batch> {
  const most = limits.commits * limits.filesPerCommit
  const batch: EncodedChange[] = []
  let bytes = 0
  let last = after
  while (batch.length < most) {
    const wanted = Math.min(CHANGES_PER_TURN, most - batch.length)
    const changes = await store.oldestChanges(wanted, last)
    for (const { sequence, message } of changes) {
      const content = encodeMessageFile(message)
      bytes += Buffer.byteLength(content)
      if (batch.length > 0 && bytes > limits.bytes) return { changes: batch, isAll: false, last }
      batch.push({ message, file: { path: message.path, content } })
      last = sequence
    }
    if (changes.length < wanted) return { changes: batch, isAll: true, last }
    await nextTurn()
  }
  return { changes: batch, isAll: false, last }
}

/** Drafts the batch's commits on top of the cursor, and has the backend build them. */
export async function prepareBatch(
  backend: GitBackend,
  { batch, cursor, signal }: { batch: Batch; cursor: Cursor; signal: AbortSignal },
): Promise<PreparedBatch> {
  const { filesPerCommit } = backend.info.limits
  const { commit: parent, format } = cursor
  const commits = await draftCommits(batch.changes, { filesPerCommit, declareFormat: format === null })
  const { hashes, publish } = await backend.prepare({ parent, commits }, { signal })
  if (hashes.length !== commits.length) {
    throw new GitSyncError('unknown-outcome', 'the backend did not return one hash per commit')
  }
  return { ...batch, parent, filesPerCommit, hashes, publish }
}

/** The first commit declares the format if the branch does not yet. */
async function draftCommits(
  changes: readonly EncodedChange[],
  { filesPerCommit, declareFormat }: { filesPerCommit: number; declareFormat: boolean },
): Promise<CommitDraft[]> {
  const drafts: CommitDraft[] = []
  for (let start = 0; start < changes.length; start += filesPerCommit) {
    const part = changes.slice(start, start + filesPerCommit)
    drafts.push(draftCommit(part, declareFormat && start === 0 ? [formatFile] : []))
    if (drafts.length % COMMITS_PER_TURN === 0) await nextTurn()
  }
  return drafts
}
