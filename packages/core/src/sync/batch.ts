import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BatchLimits, CommitDraft } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { draftCommit, type FiledChange } from '../repository/commit-draft.js'
import { formatFile } from '../repository/format-file.js'
import { encodeMessageFile } from '../repository/message-file.js'

/** So many of the largest messages are read and encoded in a few milliseconds, while everybody else waits. */
const AT_A_TIME = 20

/** What one append may carry. */
export interface Batch {
  readonly changes: readonly FiledChange[]
  /** Whether this is everything that is pending. */
  readonly isAll: boolean
}

/** The oldest changes that one append may carry, each encoded once. At least one, if there is any. */
export async function takeBatch(store: Pick<Store, 'oldestChanges'>, limits: BatchLimits): Promise<Batch> {
  const most = limits.commits * limits.filesPerCommit
  const changes: FiledChange[] = []
  let bytes = 0
  let last: number | undefined
  while (changes.length < most) {
    const wanted = Math.min(AT_A_TIME, most - changes.length)
    const part = await store.oldestChanges(wanted, last)
    for (const { message } of part) {
      const content = encodeMessageFile(message)
      bytes += Buffer.byteLength(content)
      if (changes.length > 0 && bytes > limits.bytes) return { changes, isAll: false }
      changes.push({ message, file: { path: message.path, content } })
    }
    if (part.length < wanted) return { changes, isAll: true }
    last = part.at(-1)?.sequence
    await nextTurn()
  }
  return { changes, isAll: false }
}

/** The batch as commits; the first one declares the format where the branch does not yet. */
export function draftBatch(
  batch: readonly FiledChange[],
  limits: BatchLimits,
  { declareFormat }: { declareFormat: boolean },
): CommitDraft[] {
  const drafts: CommitDraft[] = []
  for (let start = 0; start < batch.length; start += limits.filesPerCommit) {
    const changes = batch.slice(start, start + limits.filesPerCommit)
    drafts.push(draftCommit(changes, declareFormat && start === 0 ? [formatFile] : []))
  }
  return drafts
}
