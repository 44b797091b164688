import type { CommitHash, GitBackend, ReadOptions, RecordedCommit } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import { createOperations } from '../operations.js'
import { isCommitHash } from '../validate-request.js'
import { createPrepare } from './append.js'
import { assembleLocal } from './assemble.js'
import { hasCommit, isAncestor } from './git/commands.js'
import { readHistory } from './history/read-history.js'
import type { LocalBackendOptions } from './local-options.js'
import { createAudit } from './upkeep/audit.js'
import { createMaintenance } from './upkeep/maintenance.js'

const LIMITS = { commits: 3000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 }

/**
 * A {@link GitBackend} on a bare repository in a directory, which publishes to a remote if there is one. The remote
 * is the repository then, and the directory a copy that is rebuilt when it is damaged. Needs git 2.31 or later.
 *
 * Validates its options at once, and touches nothing until the first operation. Only one process at a time may use
 * the directory. Pushes are never forced: if the remote lost commits after they were read (it was rolled back, or its
 * branch deleted), a push restores them, and a warning is logged.
 *
 * @throws {GitSyncError} `misconfigured` if an option is invalid
 * @example
 * await using backend = createLocalBackend({ directory: 'data/log.git', remote: 'git@example.com:owner/log.git' })
 */
export function createLocalBackend(options: LocalBackendOptions): GitBackend {
  const parts = assembleLocal(options)
  const { git, directory, branch, remote, isRebuildable, timeouts, logger } = parts
  const { onEvent = () => {} } = options
  const onDamage = () => onEvent('damaged')
  const audit = createAudit({ git, directory, branch, logger, isRebuildable, onDamage })
  const destination = parts.createDestination(audit)
  const maintenance = createMaintenance({ git, audit, logger })
  const repository = parts.createRepository({ audit, maintenance })
  const fetchSince = parts.createFetchSince(destination, repository)
  const operations = createOperations(repository)

  const assertOnBranch = async (cursor: CommitHash, head: CommitHash, signal: AbortSignal): Promise<void> => {
    const isOnBranch =
      isCommitHash(cursor) &&
      (await git.run(hasCommit(cursor), signal)) &&
      (await git.run(isAncestor(cursor, head), signal))
    if (!isOnBranch) throw unknownCursor()
  }

  async function* readAfter(
    cursor: CommitHash | null,
    options: ReadOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<RecordedCommit> {
    const { signal } = options
    const head = await fetchSince(cursor, signal)
    if (head === cursor) return
    if (head === null) throw unknownCursor()
    if (cursor !== null) await assertOnBranch(cursor, head, signal)
    yield* readHistory(git, { cursor, head, idleTimeoutMs: timeouts.read }, options)
  }

  const close = async (): Promise<void> => {
    operations.endAll()
    await maintenance.finish()
    audit.stop() // after maintenance, which restarts it when it ends
    await git.idle()
  }

  return {
    info: { name: 'local', branch, remote: remote?.url ?? null, limits: LIMITS, preparesAhead: true },
    head: ({ signal } = {}) => operations.perform(signal, destination.head),
    prepare: createPrepare({
      git,
      destination,
      fetchSince,
      repository,
      operations,
      maintenance,
      idleTimeoutMs: timeouts.prepare,
    }),
    changesSince: (cursor, options = {}) =>
      operations.stream(options.signal, (signal) => readAfter(cursor, { ...options, signal })),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const unknownCursor = (): GitSyncError =>
  new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
