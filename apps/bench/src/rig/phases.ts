import type { GitBackend, Logger } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'

/** Milliseconds, by what was done. */
export type Phases = Readonly<Record<string, number>>

const READ = 'read the outbox'
const SETTLE = 'settle'
const APPEND = 'append'
const IMPORT = 'look at the branch'

/** Times what an engine does from outside: its store, its backend, and what that says of its git commands. */
export function createPhases() {
  const spent = new Map<string, number>()
  const add = (phase: string, milliseconds: number) =>
    spent.set(phase, (spent.get(phase) ?? 0) + milliseconds)

  const timed =
    <Args extends unknown[], Result>(phase: string, work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const began = performance.now()
      try {
        return await work(...args)
      } finally {
        add(phase, performance.now() - began)
      }
    }

  return {
    timeStore: (store: Store): Store => ({
      ...store,
      oldestChanges: timed(READ, store.oldestChanges),
      cursor: timed(READ, store.cursor),
      settle: timed(SETTLE, store.settle),
    }),

    timeBackend: (backend: GitBackend, onAppend: (commits: number) => void): GitBackend => ({
      ...backend,
      async append(request, options) {
        onAppend(request.commits.length)
        return timed(APPEND, backend.append)(request, options)
      },
      async *changesSince(cursor, options) {
        const began = performance.now()
        yield* backend.changesSince(cursor, options)
        add(IMPORT, performance.now() - began)
      },
    }),

    logger: {
      /** The backend says how long each of git's commands took, but not of `fast-import`. */
      debug(fields: object, text: string) {
        if ('milliseconds' in fields) add(text, Number(fields.milliseconds))
      },
      info() {},
      warn() {},
      error() {},
    } satisfies Logger,

    /** What each part of it took. Publishing is `push`, or `update-ref` where there is no remote. */
    split(total: number): Phases {
      const of = (phase: string) => spent.get(phase) ?? 0
      const publish = of('git push') + of('git update-ref')
      const known = of(READ) + of(SETTLE) + of(APPEND) + of(IMPORT)
      return {
        [IMPORT]: of(IMPORT),
        [READ]: of(READ),
        'build commits (fast-import)': of(APPEND) - publish,
        'publish (push, update-ref)': publish,
        [SETTLE]: of(SETTLE),
        'encode, and all else': total - known,
      }
    },
  }
}
