import { performance } from 'node:perf_hooks'

/** What another process has written is noticed after this time. */
const MAX_AGE_MS = 500

/** The revision of a database, which is not read for every request. */
export interface Revision {
  /** Resolves with one that is at most {@link MAX_AGE_MS} old, and not older than the last {@link Revision.forget}. */
  read(): Promise<string>
  /** To be called when this process has written, or may have. */
  forget(): void
}

/** @param ask reads it from the database */
export function createRevision(ask: () => Promise<string>): Revision {
  let known: { readonly revision: string; readonly askedAt: number } | undefined
  let asking: Promise<string> | undefined

  function start(): Promise<string> {
    const askedAt = performance.now()
    const own = ask()
    function settle(result: typeof known): void {
      if (asking !== own) return
      known = result
      asking = undefined
    }
    own.then(
      (revision) => settle({ revision, askedAt }),
      () => settle(undefined),
    )
    return own
  }

  return {
    async read() {
      if (known && performance.now() - known.askedAt < MAX_AGE_MS) return known.revision
      asking ??= start()
      return asking
    },
    forget() {
      known = undefined
      asking = undefined
    },
  }
}
