import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { importHistory } from '../history/import-history.js'
import { silentLogger } from '../logger.js'
import type { Difference, DifferenceKind } from './find-differences.js'

export interface RepairDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly signal?: AbortSignal
}

/** Repairs some differences; resolves with them and whether each was repaired. */
export type Repair = (differences: Difference[]) => Promise<Difference[]>

const REPAIRABLE: readonly DifferenceKind[] = ['missing-in-database', 'missing-in-repository', 'wrong-hash']

/** Creates a repair. The caller holds the sync lock. */
export function createRepair({ store, backend, signal }: RepairDependencies): Repair {
  let isImported = false

  return async function repair(differences) {
    const of = (kind: DifferenceKind) => differences.filter((difference) => difference.kind === kind)
    if (of('missing-in-database').length > 0) await importEverythingOnce()
    await store.markPending(of('missing-in-repository').flatMap(({ uid }) => uid ?? []))
    await correctHashes(of('wrong-hash'))
    return differences.map((difference) => ({
      ...difference,
      repaired: isRepairable(difference),
    }))
  }

  /** Reads the history from the beginning by the importer's own rules. If interrupted, the next import continues. */
  async function importEverythingOnce(): Promise<void> {
    if (isImported) return
    await store.settle({ cursor: { commit: null, format: null } })
    await importHistory({ store, backend, logger: silentLogger, signal })
    isImported = true
  }

  async function correctHashes(differences: readonly Difference[]): Promise<void> {
    const published = differences.flatMap(({ uid, version, commit }) =>
      uid && version && commit ? [{ uid, version, git_hash: commit }] : [],
    )
    if (published.length > 0) await store.settle({ published, cursor: await store.cursor() })
  }
}

/** A wrong hash can be corrected if the version is in another commit. */
const isRepairable = ({ kind, commit }: Difference): boolean =>
  REPAIRABLE.includes(kind) && (kind !== 'wrong-hash' || commit !== null)
