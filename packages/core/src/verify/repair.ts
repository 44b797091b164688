import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { silentLogger } from '../logger.js'
import { importHistory } from '../history/import-history.js'
import type { Difference, DifferenceKind } from './difference.js'

export interface RepairDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly signal?: AbortSignal
}

/** Mends differences, some at a time, and answers them with what became of them. */
export type Repair = (differences: Difference[]) => Promise<Difference[]>

const MENDED: readonly DifferenceKind[] = ['missing-in-database', 'missing-in-repository', 'wrong-hash']

/** The caller holds the sync lock. */
export function createRepair({ store, backend, signal }: RepairDependencies): Repair {
  let imported = false

  return async (differences) => {
    const of = (kind: DifferenceKind) => differences.filter((difference) => difference.kind === kind)
    if (of('missing-in-database').length > 0) await importOnce()
    await store.markPending(of('missing-in-repository').flatMap(({ uid }) => uid ?? []))
    await correctHashes(of('wrong-hash'))
    return differences.map((difference) => ({ ...difference, repaired: MENDED.includes(difference.kind) }))
  }

  /** From the beginning, with the importer's own rules. Interrupted, the next import goes on. */
  async function importOnce(): Promise<void> {
    if (imported) return
    await store.settle({ synchronized: [], cursor: { commit: null, format: null } })
    await importHistory({ store, backend, logger: silentLogger, signal })
    imported = true
  }

  async function correctHashes(differences: readonly Difference[]): Promise<void> {
    const synchronized = differences.flatMap(({ uid, commit }) =>
      uid && commit ? [{ uid, git_hash: commit }] : [],
    )
    if (synchronized.length > 0) await store.settle({ synchronized, cursor: await store.cursor() })
  }
}
