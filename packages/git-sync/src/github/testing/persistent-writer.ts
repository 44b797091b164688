import { append, type GitBackend } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { draft, file, last } from '../../testing/drafts.js'

/** More failures in a row than any test means to cause. */
const TOO_MANY = 400

/**
 * Appends one file for each name, in batches, in the manner of a sync loop: reads before it writes again after
 * any failure, and waits as told, in a time that passes only here.
 */
export async function appendPersistently(
  backend: GitBackend,
  names: readonly string[],
  { time, batch = 3 }: { time: { now: number }; batch?: number },
): Promise<void> {
  let pending = [...names]
  let cursor: string | null = null
  let behind = true
  let failures = 0
  while (pending.length > 0) {
    try {
      if (behind) {
        for await (const { hash, files } of backend.changesSince(cursor)) {
          const found = new Set(files.map(({ path }) => path))
          pending = pending.filter((name) => !found.has(pathOf(name)))
          cursor = hash
        }
        behind = false
      }
      const taken = pending.slice(0, Math.min(batch, backend.info.limits.filesPerCommit))
      if (taken.length === 0) return
      const files = taken.map((name) => file(pathOf(name), `${name}\n`))
      cursor = last(await append(backend, { parent: cursor, commits: [draft(taken.join(), ...files)] }))
      pending = pending.slice(taken.length)
      failures = 0
    } catch (error) {
      if (!(error instanceof GitSyncError) || error.requiresIntervention || ++failures > TOO_MANY) throw error
      if (error.code === 'unknown-cursor') cursor = null
      time.now += error.retryAfter ?? 1000
      behind = true
    }
  }
}

/** Where the file of a name is. */
export const pathOf = (name: string): string => `files/${name}`
