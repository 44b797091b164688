import { resolve } from 'node:path'
import type { CommitHash, GitBackend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import { silentLogger } from '../logger.js'
import { createOperations } from '../operations.js'
import { createRedactor } from '../redact.js'
import { assertBranchName, assertOptions, assertText } from '../validate-options.js'
import { isCommitHash } from '../validate-request.js'
import { createAudit } from './audit.js'
import { hasCommit, isAncestor } from './commands.js'
import { createGit } from './git.js'
import { createGitEnvironment } from './git-environment.js'
import { createLocalDestination } from './local-destination.js'
import type { LocalBackendOptions } from './local-options.js'
import { createMaintenance } from './maintenance.js'
import { createPrepare } from './prepare-append.js'
import { readHistory } from './read-history.js'
import { createRemoteDestination } from './remote-destination.js'
import { parseRemote } from './remote-url.js'
import { createRepository } from './repository.js'
import { DEFAULT_TIMEOUTS } from './timeouts.js'

const LIMITS = { commits: 2000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 }

/**
 * A {@link GitBackend} on a bare repository in a folder, published to a remote where one is given; then the
 * remote counts, and the folder is a copy that is built again when it is damaged. Needs git 2.31 or later.
 *
 * Checks its options, and throws `misconfigured`, at once; touches nothing until the first operation. Only one
 * process at a time may use the folder. Pushes are plain, never forced: if the remote lost commits after they
 * were read (it was rolled back, or its branch deleted), a push brings them back, and a warning is logged.
 */
export function createLocalBackend(options: LocalBackendOptions): GitBackend {
  assertOptions(options)
  assertText('the directory', options.directory)
  const { branch = 'main', token, environment = {}, logger = silentLogger, clock = Date.now } = options
  const { onEvent = () => {} } = options
  assertBranchName(branch)
  const directory = resolve(options.directory)
  const remote = options.remote == null ? null : parseRemote(options.remote, token)
  const isRebuildable = options.rebuildable ?? remote !== null
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }

  const variables = createGitEnvironment({ directory, remote, token, environment })
  const git = createGit({
    directory,
    variables,
    redact: createRedactor(token === undefined ? [] : [token]),
    logger,
  })
  const destination =
    remote === null
      ? createLocalDestination(git, branch)
      : createRemoteDestination({ git, branch, url: remote.url, timeouts, logger })
  const audit = createAudit({
    git,
    directory,
    branch,
    logger,
    isRebuildable,
    onDamage: () => onEvent('damaged'),
  })
  const maintenance = createMaintenance({ git, audit, logger })
  const repository = createRepository({
    git,
    directory,
    branch,
    audit,
    maintenance,
    clock,
    logger,
    onEvent,
    isRebuildable,
  })
  const operations = createOperations(repository)

  const prepare = createPrepare({ git, destination, repository, operations, maintenance })

  const contains = async (head: CommitHash, cursor: CommitHash, signal: AbortSignal): Promise<boolean> =>
    isCommitHash(cursor) &&
    (await git.run(hasCommit(cursor), signal)) &&
    (await git.run(isAncestor(cursor, head), signal))

  const close = async (): Promise<void> => {
    operations.endAll()
    await maintenance.finish()
    audit.stop() // last, because packing that ends begins it again
    await git.settled()
  }

  return {
    info: { name: 'local', branch, remote: remote?.url ?? null, limits: LIMITS, preparesAhead: true },

    head: ({ signal } = {}) => operations.perform(signal, destination.head),

    prepare,

    changesSince: (cursor, { signal: outer, ...options } = {}) =>
      operations.stream(outer, async function* (signal) {
        const head = await destination.bring(signal)
        if (head === cursor) return
        if (head === null || (cursor !== null && !(await contains(head, cursor, signal)))) {
          throw new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
        }
        yield* readHistory(git, { cursor, head }, { ...options, signal })
      }),

    close,
    [Symbol.asyncDispose]: close,
  }
}
