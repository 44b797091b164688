import { append, type GitBackend } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { draft, file, last } from '../../testing/drafts.js'

/** More failures in a row than any test causes on purpose. */
const MAX_FAILURES = 400

/**
 * Appends one file for each name, in batches, like a sync loop: reads before it writes again after any failure, and
 * waits as asked, on the tests' clock.
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
      if (!(error instanceof GitSyncError) || error.requiresIntervention || ++failures > MAX_FAILURES)
        throw error
      if (error.code === 'unknown-cursor') cursor = null
      time.now += error.retryAfter ?? 1000
      behind = true
    }
  }
}

/** The path of the file for a name. */
export const pathOf = (name: string): string => `files/${name}`
