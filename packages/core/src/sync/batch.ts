import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type BatchLimits,
  type CommitDraft,
  type CommitHash,
  type GitBackend,
  GitSyncError,
  type PreparedAppend,
} from '@gitmsg/git-sync'
import type { Change, Cursor, Store } from '@gitmsg/store'
import { draftCommit, type EncodedChange } from '../format/commit.js'
import { type FormatVersion, formatFile } from '../format/format-file.js'
import { encodeMessageFile, needsVersion2 } from '../format/message-file.js'

/** Changes read and encoded in one turn of the event loop: a few milliseconds, even for the largest messages. */
const CHANGES_PER_TURN = 20
/** Commits drafted in one turn of the event loop: about a millisecond. */
const COMMITS_PER_TURN = 200

/** The changes that one request to the backend carries. */
export interface Batch {
  readonly changes: readonly EncodedChange[]
  /** Whether no more changes were waiting. */
  readonly isAll: boolean
  /** The last change, after which the next batch begins. */
  readonly last: Pick<Change, 'rank' | 'sequence'> | undefined
}

/** The changes of one commit, and the format that the branch declares from it on. */
interface PlannedCommit {
  readonly changes: readonly EncodedChange[]
  readonly format: FormatVersion
}

/** A batch whose commits can be built. */
export interface DraftedBatch extends Batch {
  /** What each of its commits holds. */
  readonly commits: readonly PlannedCommit[]
  readonly drafts: readonly CommitDraft[]
}

/** A batch whose commits are built and can be published. */
export interface PreparedBatch extends DraftedBatch, PreparedAppend {
  /** The commit that its commits stand on. */
  readonly parent: CommitHash | null
  /** The batch after it, if that was drafted while git built this one. */
  readonly next?: DraftedBatch | undefined
}

/** Takes the oldest changes after this one that fit into one request, each encoded once; at least one, if any. */
export async function takeBatch(store: Store, limits: BatchLimits, after?: Batch['last']): Promise<Batch> {
  const most = limits.commits * limits.filesPerCommit
  const batch: EncodedChange[] = []
  let bytes = 0
  let last = after
  while (batch.length < most) {
    const wanted = Math.min(CHANGES_PER_TURN, most - batch.length)
    const changes = await store.oldestChanges(wanted, last)
    for (const { rank, sequence, message } of changes) {
      const content = encodeMessageFile(message)
      bytes += Buffer.byteLength(content)
      if (batch.length > 0 && bytes > limits.bytes) return { changes: batch, isAll: false, last }
      batch.push({ message, file: { path: message.path, content } })
      last = { rank, sequence }
    }
    if (changes.length < wanted) return { changes: batch, isAll: true, last }
    await nextTurn()
  }
  return { changes: batch, isAll: false, last }
}

/** Drafts the batch's commits on top of a branch that declares this format, if any. */
export async function draftBatch(
  { info }: GitBackend,
  batch: Batch,
  format: Cursor['format'],
): Promise<DraftedBatch> {
  const commits = planCommits(batch.changes, { filesPerCommit: info.limits.filesPerCommit, format })
  return { ...batch, commits, drafts: await draftCommits(commits, format) }
}

/** Has the backend build the batch's commits on top of the parent. */
export async function prepareBatch(
  backend: GitBackend,
  { batch, parent, signal }: { batch: DraftedBatch; parent: CommitHash | null; signal: AbortSignal },
): Promise<PreparedBatch> {
  const { drafts } = batch
  const { hashes, publish } = await backend.prepare({ parent, commits: drafts }, { signal })
  if (hashes.length !== drafts.length) {
    throw new GitSyncError('unknown-outcome', 'the backend did not return one hash per commit')
  }
  return { ...batch, parent, hashes, publish }
}

/** Divides changes among commits. A second change of one message begins the next commit. */
function planCommits(
  changes: readonly EncodedChange[],
  { filesPerCommit, format }: { filesPerCommit: number; format: number | null },
): PlannedCommit[] {
  const commits: { changes: EncodedChange[]; format: FormatVersion }[] = []
  const paths = new Set<string>()
  for (const change of changes) {
    let commit = commits.at(-1)
    if (!commit || commit.changes.length === filesPerCommit || paths.has(change.file.path)) {
      commit = { changes: [], format: commit?.format ?? (format === 2 ? 2 : 1) }
      commits.push(commit)
      paths.clear()
    }
    commit.changes.push(change)
    if (needsVersion2(change.message)) commit.format = 2
    paths.add(change.file.path)
  }
  return commits
}

/** A commit declares the format if it is not the one that the branch declares already. */
async function draftCommits(
  commits: readonly PlannedCommit[],
  declared: number | null,
): Promise<CommitDraft[]> {
  const drafts: CommitDraft[] = []
  let last = declared
  for (const { changes, format } of commits) {
    drafts.push(draftCommit(changes, format === last ? [] : [formatFile(format)]))
    last = format
    if (drafts.length % COMMITS_PER_TURN === 0) await nextTurn()
  }
  return drafts
}
