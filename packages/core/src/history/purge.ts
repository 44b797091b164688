import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { BranchRewrite, BranchRewriteOptions, PathRewrite } from '@gitmsg/git-sync/local'
import type { Store, StoredMessage } from '@gitmsg/store'
import { COMMITTER, draftCommit } from '../format/commit.js'
import { FORMAT_PATH } from '../format/format-file.js'
import { encodeMessageFile } from '../format/message-file.js'
import { type Logger, silentLogger } from '../logger.js'
import { findByUid } from './find-versions.js'
import { type ImportSummary, importHistory } from './import-history.js'
import { PreconditionError, withSyncLock } from './with-sync-lock.js'

/** Options of {@link purge}. */
export interface PurgeOptions {
  /** The database. No other process may have it open. */
  readonly store: Store
  /** Opens the backend of the repository. It is opened before and after the rewrite, and closed each time. */
  readonly openBackend: () => GitBackend | Promise<GitBackend>
  /** `rewriteBranch` of `@gitmsg/git-sync/local`, with the options of that backend. */
  readonly rewriteBranch: (
    rewrites: readonly PathRewrite[],
    options: BranchRewriteOptions,
  ) => Promise<BranchRewrite>
  /** The messages: deleted ones or, with `versions`, edited ones. */
  readonly uids: readonly string[]
  /** Erases the versions before the current ones, and keeps those. Default: false. */
  readonly versions?: boolean
  /** Imports, checks and counts, and changes nothing else. Default: false. */
  readonly dryRun?: boolean
  /** Called with what would happen before the branch is rewritten; nothing happens if it resolves with `false`. */
  readonly confirm?: (preview: BranchRewrite) => Promise<boolean>
  /** Called now and then with the number of commits that have been read. */
  readonly onProgress?: (commits: number) => void
  /** Default: silent. */
  readonly logger?: Logger
  /** Stops before the branch is moved, or the import after it. */
  readonly signal?: AbortSignal
}

/** The result of a purge. */
export interface PurgeSummary extends BranchRewrite {
  /** `false` after a dry run, and if it was not confirmed. */
  readonly purged: boolean
  /** The number of messages. */
  readonly messages: number
  /** Versions before the current ones that the database had of them. */
  readonly versions: number
}

/**
 * Erases deleted messages, or the earlier versions of edited ones, from the history of the branch, the local
 * repository and the database. It rewrites the branch from the first commit that has such a text, and forces it onto
 * the remote, if it is still where it was read.
 *
 * Only what the branch shows as deleted (or edited) can be erased: other servers follow because they find the
 * tombstone. They would append again what was merely missing.
 *
 * If it was interrupted, or on another server that shares the repository, the same call does what is left to do.
 *
 * @throws {PreconditionError} if the database is in use, or one of the messages is not ready; nothing was changed then
 * @throws {GitSyncError} `stale-head` if the branch moved meanwhile; nothing was rewritten then
 */
export function purge(options: PurgeOptions): Promise<PurgeSummary> {
  return withSyncLock(options, purgeLocked)
}

async function purgeLocked(options: PurgeOptions): Promise<PurgeSummary> {
  const { store, rewriteBranch, dryRun = false, confirm = async () => true, onProgress, signal } = options
  await follow(options)
  const messages = await findReady(options)
  const versions = await countEarlierVersions(store, messages)
  const { commit: tip } = await store.cursor()
  if (tip === null) throw new GitSyncError('stale-head', 'the branch does not exist')

  const rewrites = messages.map(options.versions ? toCurrentVersion : toTombstone)
  const rewriteOptions = { tip, companions: [FORMAT_PATH], signal, ...(onProgress && { onProgress }) }
  const preview = await rewriteBranch(rewrites, { ...rewriteOptions, dryRun: true })
  const summary = { ...preview, purged: false, messages: messages.length, versions }
  if (dryRun || (preview.first !== null && !(await confirm(preview)))) return summary

  const result = await rewriteBranch(rewrites, rewriteOptions)
  if (result.newTip !== result.oldTip) {
    await store.resetSynchronization()
    await follow(options)
  }
  await store.eraseTraces(messages.map(({ uid }) => uid))
  return { ...summary, ...result, purged: true }
}

/** Imports what the branch gained or, if it was rewritten, all that it has. */
async function follow({ store, openBackend, logger = silentLogger, signal }: PurgeOptions): Promise<void> {
  const backend = await openBackend()
  const importAll = (): Promise<ImportSummary> => importHistory({ store, backend, logger, signal })
  try {
    await importAll().catch(async (error) => {
      if (!(error instanceof GitSyncError && error.code === 'unknown-cursor')) throw error
      await store.resetSynchronization()
      await importAll()
    })
  } finally {
    await backend.close()
  }
}

/** The messages, if all of them can be purged. */
async function findReady({ store, uids, versions = false }: PurgeOptions): Promise<StoredMessage[]> {
  const stored = await findByUid(store, uids)
  const problems = [...new Set(uids)].flatMap((uid) => problemWith(uid, stored.get(uid), versions) ?? [])
  const [first] = problems
  if (first) throw new PreconditionError(first.code, problems.map(({ reason }) => reason).join('; '))
  return [...stored.values()]
}

function problemWith(
  uid: string,
  message: StoredMessage | undefined,
  versions: boolean,
): (Pick<PreconditionError, 'code'> & { readonly reason: string }) | null {
  if (!message) return { code: 'unknown-message', reason: `${uid} is not the uid of a message` }
  const { deleted_at, version, is_synchronized } = message
  if (versions && (deleted_at !== null || version === 1)) {
    const reason = `${uid} is ${deleted_at === null ? 'not edited' : 'deleted: it has no other versions'}`
    return { code: 'not-edited', reason }
  }
  if (!versions && deleted_at === null) {
    return { code: 'not-deleted', reason: `${uid} is not deleted: delete it first` }
  }
  if (is_synchronized) return null
  const what = versions ? 'the current version' : 'the deletion'
  return { code: 'not-synchronized', reason: `${what} of ${uid} is not in the repository yet` }
}

async function countEarlierVersions(store: Store, messages: readonly StoredMessage[]): Promise<number> {
  let count = 0
  for (const { uid, version } of messages) {
    for (let before = version; before > 1; ) {
      const page = await store.listVersions(uid, { limit: 1000, before })
      count += page.length
      before = page.at(-1)?.version ?? 1
    }
  }
  return count
}

function toTombstone(message: StoredMessage): PathRewrite {
  const { path, uid, origin_id } = message
  const text = `Erase message ${origin_id}\n\nMessage-Id: ${uid}\n`
  return {
    path,
    content: encodeMessageFile(message),
    commit: { message: text, author: COMMITTER, committer: COMMITTER },
  }
}

/** The commit is the one that this version would have had, so that the history can still be made again from the database. */
function toCurrentVersion(message: StoredMessage): PathRewrite {
  const file = { path: message.path, content: encodeMessageFile(message) }
  const { files: _, ...commit } = draftCommit([{ message, file }])
  return { ...file, commit }
}
