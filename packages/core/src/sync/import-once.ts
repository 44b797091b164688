import { type GitBackend, GitSyncError, type RecordedCommit } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import { FORMAT_PATH, readFormat } from '../repository/format-file.js'
import { MAX_MESSAGE_FILE_BYTES } from '../repository/message-file.js'
import { MESSAGES_FOLDER } from '../repository/message-path.js'
import { createFindings, type Findings } from './findings.js'

export interface ImportDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly logger: Logger
  /** Gives messages the id in their file where it is free: for a restore. */
  readonly keepIds?: boolean
}

/** What one import brought. */
export interface ImportSummary {
  readonly commits: number
  /** Messages of others that were not stored here before. */
  readonly imported: number
  /** Messages of ours that the branch was found to hold. */
  readonly settled: number
  /** Files that are not valid messages, or not what is stored here under that uid. */
  readonly skipped: number
}

/** Files of so many commits are stored in one transaction. */
const COMMITS_PER_TRANSACTION = 500

/**
 * The importer's step: reads what the branch gained since the cursor, stores others' messages, settles
 * ours, and moves the cursor to the tip.
 *
 * A branch that does not contain the cursor was rolled back, rewritten or replaced: everything is pending
 * again then, and its whole history is read.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}; what was stored until then stays
 */
export function createImportOnce({ store, backend, logger, keepIds = false }: ImportDependencies) {
  return async function importOnce(signal: AbortSignal): Promise<ImportSummary> {
    try {
      return await readSinceCursor(signal)
    } catch (error) {
      if (!(error instanceof GitSyncError && error.code === 'unknown-cursor')) throw error
      logger.warn(
        { branch: backend.branch },
        'the branch does not hold what was synchronized: reading it from the beginning',
      )
      await store.resetSynchronization()
      return await readSinceCursor(signal)
    }
  }

  async function readSinceCursor(signal: AbortSignal): Promise<ImportSummary> {
    const summary = { commits: 0, imported: 0, settled: 0, skipped: 0 }
    let { commit: cursor, format } = await store.cursor()
    let findings = createFindings({ store, logger, keepIds })
    const commits = backend.changesSince(cursor, {
      within: [MESSAGES_FOLDER, FORMAT_PATH],
      maxFileBytes: MAX_MESSAGE_FILE_BYTES,
      signal,
    })
    for await (const commit of commits) {
      format = formatAfter(commit, format)
      findings.add(commit)
      summary.commits += 1
      cursor = commit.hash
      if (summary.commits % COMMITS_PER_TRANSACTION === 0) {
        await settleWith(findings)
        findings = createFindings({ store, logger, keepIds })
      }
    }
    if (summary.commits % COMMITS_PER_TRANSACTION > 0) await settleWith(findings)
    if (summary.commits > 0) logger.info({ ...summary, cursor }, 'history imported')
    return summary

    async function settleWith(found: Findings): Promise<void> {
      const { skipped, ...settlement } = await found.compare()
      await store.settle({ ...settlement, cursor: { commit: cursor, format } })
      summary.imported += settlement.imported.length
      summary.settled += settlement.synchronized.length
      summary.skipped += skipped
    }
  }
}

function formatAfter(commit: RecordedCommit, format: number | null): number | null {
  const file = commit.files.find(({ path }) => path === FORMAT_PATH)
  return file ? readFormat(file.content) : format
}
