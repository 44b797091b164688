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

/** So many of the largest messages are read and encoded in a few milliseconds; meanwhile everybody else waits. */
const AT_A_TIME = 20

/** What one append carries. */
export interface Batch {
  readonly changes: readonly EncodedChange[]
  /** Whether these were all there are. */
  readonly isAll: boolean
  /** The sequence of the last of them. */
  readonly last: number
}

/** Takes the oldest changes above a sequence that one append may carry, each encoded once. At least one, if there is any. */
export async function takeBatch(store: Store, limits: BatchLimits, after = 0): Promise<Batch> {
  const most = limits.commits * limits.filesPerCommit
  const batch: EncodedChange[] = []
  let bytes = 0
  let last = after
  while (batch.length < most) {
    const wanted = Math.min(AT_A_TIME, most - batch.length)
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

/** So many commits are drafted in about a millisecond. */
const DRAFTED_AT_ONCE = 200

/** The batch as commits; the first one declares the format where the branch does not yet. */
async function draftBatch(
  batch: readonly EncodedChange[],
  limits: BatchLimits,
  { declareFormat }: { declareFormat: boolean },
): Promise<CommitDraft[]> {
  const drafts: CommitDraft[] = []
  for (let start = 0; start < batch.length; start += limits.filesPerCommit) {
    const changes = batch.slice(start, start + limits.filesPerCommit)
    drafts.push(draftCommit(changes, declareFormat && start === 0 ? [formatFile] : []))
    if (drafts.length % DRAFTED_AT_ONCE === 0) await nextTurn()
  }
  return drafts
}

/** A batch whose commits are built, and can be published. */
export interface PreparedBatch extends Batch, PreparedAppend {
  /** What its commits stand on. */
  readonly parent: CommitHash | null
  readonly filesPerCommit: number
}

/** Drafts the batch's commits on top of the cursor, and has the backend build them. */
export async function prepareBatch(
  backend: GitBackend,
  { batch, cursor, signal }: { batch: Batch; cursor: Cursor; signal: AbortSignal },
): Promise<PreparedBatch> {
  const { limits } = backend.info
  const { commit: parent, format } = cursor
  const commits = await draftBatch(batch.changes, limits, { declareFormat: format === null })
  const { hashes, publish } = await backend.prepare({ parent, commits }, { signal })
  if (hashes.length !== commits.length) {
    throw new GitSyncError('unknown-outcome', 'the backend did not return one hash per commit')
  }
  return { ...batch, parent, filesPerCommit: limits.filesPerCommit, hashes, publish }
}
