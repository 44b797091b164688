import type { GitBackend, RecordedCommit } from '@gitmsg/git-sync'
import type { RecordOutcome, Store } from '@gitmsg/store'
import { assertFormat, FORMAT_PATH, type FormatVersion, readFormat } from '../format/format-file.js'
import type { Logger } from '../logger.js'
import { readBatches } from './read-batches.js'
import { type Conflict, createReconciler } from './reconcile.js'

export interface ImportHistoryOptions {
  readonly store: Store
  readonly backend: GitBackend
  readonly logger: Logger
  /** Gives messages the id in their file if it is free: for a restore. Default: false. */
  readonly keepIds?: boolean
  /** The newest version of the repository format that may be used. Default: the latest. */
  readonly formatVersion?: FormatVersion
  /** Called after each transaction with what has been imported so far. */
  readonly onProgress?: (summary: ImportSummary) => void
  /** Called with each conflict. */
  readonly onConflict?: (conflict: Conflict) => void
  readonly signal?: AbortSignal | undefined
}

/** The result of one import. */
export interface ImportSummary {
  /** Commits that were read. */
  readonly commits: number
  /** Messages that were new to this database. */
  readonly imported: number
  /** Versions made elsewhere of messages that this database had: edits and deletions. */
  readonly changed: number
  /** Pending versions that the branch turned out to hold. */
  readonly settled: number
  /** Files that are not valid messages, or contradict the message stored under their uid. */
  readonly skipped: number
  /** Those of them that are a second file for a message: the branch has, or had, two contents for one path or uid. */
  readonly conflicts: number
}

/**
 * Reads what the branch gained since the cursor, stores new messages, settles pending ones, and moves the cursor to
 * the tip, batch by batch. If interrupted, the next call continues.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}; what was stored until then stays
 */
export async function importHistory(options: ImportHistoryOptions): Promise<ImportSummary> {
  const { store, backend, logger, keepIds = false, formatVersion, signal } = options
  const { onProgress = () => {}, onConflict = () => {} } = options
  let { commit: cursor, format } = await store.cursor()
  let summary: ImportSummary = {
    commits: 0,
    imported: 0,
    changed: 0,
    settled: 0,
    skipped: 0,
    conflicts: 0,
  }
  for await (const commits of readBatches(backend, cursor, { compareWithHead: true, signal })) {
    format = formatAfter(commits, format, formatVersion)
    const whole = commits.filter(({ isContinued = false }) => !isContinued)
    cursor = whole.at(-1)?.hash ?? cursor
    const reconciler = createReconciler({ store, logger, keepIds })
    for (const commit of commits) reconciler.add(commit)
    const recorded = await reconciler.prepare()
    const outcomes = await store.settle({ recorded, cursor: { commit: cursor, format } })
    const { skipped, conflicts } = await reconciler.report(outcomes)
    const count = (wanted: RecordOutcome) => outcomes.filter((outcome) => outcome === wanted).length
    summary = {
      commits: summary.commits + whole.length,
      imported: summary.imported + count('stored'),
      changed: summary.changed + count('applied'),
      settled: summary.settled + count('settled'),
      skipped: summary.skipped + skipped,
      conflicts: summary.conflicts + conflicts.length,
    }
    conflicts.forEach(onConflict)
    onProgress(summary)
  }
  // Also without a new commit: the branch may be at a version that this server used before it was held back.
  assertFormat(format, formatVersion)
  if (summary.commits > 0) logger.info({ ...summary, cursor }, 'history imported')
  return summary
}

/**
 * The format of the head, if the backend tells, as soon as a commit touches it; otherwise that of the last of these
 * commits. One that was damaged or removed and repaired again is fine.
 */
function formatAfter(
  commits: readonly RecordedCommit[],
  format: number | null,
  latest: FormatVersion | undefined,
): number | null {
  const file = commits
    .flatMap(({ files, isOnSideLine = false }) => files.map((file) => ({ ...file, isOnSideLine })))
    .findLast(({ path, superseded, isOnSideLine }) => path === FORMAT_PATH && !(isOnSideLine && superseded))
  return file ? readFormat((file.superseded ?? file).content, latest) : format
}
