import { resolve } from 'node:path'
import type { CommitHash, GitBackend, ReadOptions, RecordedCommit } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import { silentLogger } from '../logger.js'
import { createOperations } from '../operations.js'
import { createRedactor } from '../redact.js'
import { isCommitHash } from '../validate-request.js'
import { createPrepare } from './append.js'
import { hasCommit, isAncestor } from './git/commands.js'
import { createGitEnvironment, DEFAULT_USER } from './git/environment.js'
import { createGit, type Git } from './git/git.js'
import { remoteFolder, writePrivateConfiguration } from './git/private-configuration.js'
import { readHistory } from './history/read-history.js'
import {
  assertLocalOptions,
  DEFAULT_MAX_FETCH_BYTES,
  DEFAULT_TIMEOUTS,
  type LocalBackendOptions,
} from './local-options.js'
import { createLocalDestination, type Destination } from './publish/destination.js'
import { createFetchBranch } from './publish/fetch-branch.js'
import { createRemoteDestination } from './publish/remote.js'
import { parseRemote } from './publish/remote-url.js'
import { createRepository } from './repository.js'
import { createAudit } from './upkeep/audit.js'
import { createMaintenance } from './upkeep/maintenance.js'

const LIMITS = { commits: 2000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 }

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
  assertLocalOptions(options)
  const { branch = 'main', token, environment = {}, logger = silentLogger, clock = Date.now } = options
  const { onEvent = () => {} } = options
  const directory = resolve(options.directory)
  const remote = options.remote == null ? null : parseRemote(options.remote, token)
  const isRebuildable = options.rebuildable ?? remote !== null
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }

  const { user = DEFAULT_USER, caFile, sshKeyFile, sshKnownHostsFile } = options
  const ssh = { keyFile: sshKeyFile, knownHostsFile: sshKnownHostsFile }
  const variables = createGitEnvironment({ directory, remote, token, user, caFile, ssh, environment })
  const redact = createRedactor(token === undefined ? [] : [token, `${user}:${token}`])
  const git = createGit({ directory, variables, redact, logger })
  const onDamage = () => onEvent('damaged')
  const audit = createAudit({ git, directory, branch, logger, isRebuildable, onDamage })
  const destination = remote === null ? createLocalDestination(git, branch) : createRemote(git, remote.url)
  const maintenance = createMaintenance({ git, audit, logger })
  const configure = async () => {
    const folder = remoteFolder(remote)
    if (folder !== null) await writePrivateConfiguration(directory, folder)
  }
  const repository = createRepository({
    git,
    directory,
    branch,
    audit,
    maintenance,
    configure,
    clock,
    logger,
    onEvent,
    isRebuildable,
  })
  const operations = createOperations(repository)

  function createRemote(git: Git, url: string): Destination {
    const { maxFetchBytes: maxBytes = DEFAULT_MAX_FETCH_BYTES } = options
    const idleTimeoutMs = timeouts.transfer
    const fetchBranch = createFetchBranch({ git, directory, url, branch, idleTimeoutMs, maxBytes, logger })
    return createRemoteDestination({ git, branch, url, timeouts, fetchBranch, audit, logger })
  }

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
    const head = await destination.fetch(signal)
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
