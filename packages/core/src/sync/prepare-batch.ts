import type { CommitHash, GitBackend } from '@gitmsg/git-sync'
import type { Cursor } from '@gitmsg/store'
import { type Batch, draftBatch } from './batch.js'

/** A batch whose commits are ready to be published. */
export interface PreparedBatch extends Batch {
  /** What its commits stand on. */
  readonly parent: CommitHash | null
  /** The last of its commits; `null` where the backend builds none before it publishes. */
  readonly tip: CommitHash | null
  readonly filesPerCommit: number
  /** Publishes them and answers one hash per commit; as {@link GitBackend.append}. */
  publish(signal: AbortSignal): Promise<readonly CommitHash[]>
}

/** Drafts the batch's commits on top of the cursor, and builds them where the backend does that ahead. */
export async function prepareBatch(
  backend: GitBackend,
  { batch, cursor, signal }: { batch: Batch; cursor: Cursor; signal: AbortSignal },
): Promise<PreparedBatch> {
  const { limits } = backend
  const { commit: parent, format } = cursor
  const commits = await draftBatch(batch.changes, limits, { declareFormat: format === null })
  const request = { parent, commits }
  const prepared = { ...batch, parent, filesPerCommit: limits.filesPerCommit }
  if (!backend.prepare) {
    return { ...prepared, tip: null, publish: (signal) => backend.append(request, { signal }) }
  }
  const { hashes, publish } = await backend.prepare(request, { signal })
  return {
    ...prepared,
    tip: hashes.at(-1) ?? null,
    async publish(signal) {
      await publish({ signal })
      return hashes
    },
  }
}
