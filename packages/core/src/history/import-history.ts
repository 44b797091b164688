import type { GitBackend, RecordedCommit } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import { FORMAT_PATH, readFormat } from '../format/format-file.js'
import { createFindings } from './reconcile.js'
import { readBatches } from './read-batches.js'

export interface ImportHistoryOptions {
  readonly store: Store
  readonly backend: GitBackend
  readonly logger: Logger
  /** Gives messages the id in their file where it is free: for a restore. Default: false. */
  readonly keepIds?: boolean
  /** Called after each transaction with what the import has brought until then. */
  readonly onProgress?: (summary: ImportSummary) => void
  readonly signal?: AbortSignal | undefined
}

/** What one import brought. */
export interface ImportSummary {
  /** Commits that were read. */
  readonly commits: number
  /** Messages of others that were not stored here before. */
  readonly imported: number
  /** Messages of ours that the branch was found to hold. */
  readonly settled: number
  /** Files that are not valid messages, or not what is stored here under that uid. */
  readonly skipped: number
}

/**
 * Reads what the branch gained since the cursor, stores others' messages, settles ours, and moves the cursor
 * to the tip, batch by batch: interrupted and called again, it goes on.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}; what was stored until then stays
 */
export async function importHistory(options: ImportHistoryOptions): Promise<ImportSummary> {
  const { store, backend, logger, keepIds = false, onProgress = () => {}, signal } = options
  let { commit: cursor, format } = await store.cursor()
  let summary: ImportSummary = { commits: 0, imported: 0, settled: 0, skipped: 0 }
  for await (const commits of readBatches(backend, cursor, signal)) {
    format = formatAfter(commits, format)
    cursor = commits.at(-1)?.hash ?? cursor
    const findings = createFindings({ store, logger, keepIds })
    for (const commit of commits) findings.add(commit)
    const { skipped, ...settlement } = await findings.compare()
    await store.settle({ ...settlement, cursor: { commit: cursor, format } })
    summary = {
      commits: summary.commits + commits.length,
      imported: summary.imported + settlement.imported.length,
      settled: summary.settled + settlement.synchronized.length,
      skipped: summary.skipped + skipped,
    }
    onProgress(summary)
  }
  if (summary.commits > 0) logger.info({ ...summary, cursor }, 'history imported')
  return summary
}

/** What the last of these commits leaves counts: a format that was spoiled and mended is mended. */
function formatAfter(commits: readonly RecordedCommit[], format: number | null): number | null {
  const file = commits.flatMap(({ files }) => files).findLast(({ path }) => path === FORMAT_PATH)
  return file ? readFormat(file.content) : format
}
