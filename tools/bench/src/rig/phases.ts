import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'

/** Milliseconds, by what was done. */
export type Phases = Readonly<Record<string, number>>

const READ = 'read the outbox'
const SETTLE = 'settle'
const BUILD = 'build commits (fast-import)'
const PUBLISH = 'publish (push, update-ref)'
const IMPORT = 'look at the branch'

/** Times what an engine does from outside: its store and its backend. */
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
      /** Of a backlog, the commits of one append are built while those before are being published. */
      async prepare(request, options) {
        onAppend(request.commits.length)
        const { hashes, publish } = await timed(BUILD, backend.prepare)(request, options)
        return { hashes, publish: timed(PUBLISH, publish) }
      },
      async *changesSince(cursor, options) {
        const began = performance.now()
        yield* backend.changesSince(cursor, options)
        add(IMPORT, performance.now() - began)
      },
    }),

    /** What each part of it took. With a backlog the next commits are built beside the publishing of the last. */
    split(total: number): Phases {
      const of = (phase: string) => spent.get(phase) ?? 0
      const known = of(READ) + of(SETTLE) + of(BUILD) + of(PUBLISH) + of(IMPORT)
      return {
        [IMPORT]: of(IMPORT),
        [READ]: of(READ),
        [BUILD]: of(BUILD),
        [PUBLISH]: of(PUBLISH),
        [SETTLE]: of(SETTLE),
        'encode, and all else, less what went on at the same time': total - known,
      }
    },
  }
}
