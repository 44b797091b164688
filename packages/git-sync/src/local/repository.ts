import * as fs from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { BackendEvent } from '../git-backend.js'
import { GitSyncError, type GitSyncErrorCode } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { branchRef, initialize, pointHeadAt, version } from './git/commands.js'
import { asGitSyncError } from './git/failure.js'
import type { Git } from './git/git.js'
import type { Audit } from './upkeep/audit.js'
import type { Maintenance } from './upkeep/maintenance.js'
import { removeStaleFiles } from './upkeep/stale-files.js'

/** The first git that reads its configuration from environment variables. */
const MIN_GIT_VERSION = { major: 2, minor: 31 }
/** Failures that come from the remote or the caller, so that the local repository can stay open. */
const REMOTE_SIDE_CODES: ReadonlySet<GitSyncErrorCode> = new Set([
  'stale-head',
  'unknown-cursor',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'rejected',
  'invalid-change',
  'aborted',
])
/** The directory holds every message. The mode of an existing one is kept: it may be shared on purpose. */
const OWNER_ONLY_MODE = 0o700
/** More damage than this comes from a failing disk: rebuilding again would only wear it, and the remote, out. */
const MAX_REBUILDS = 5
const REBUILD_PERIOD_MS = 10 * 60_000

/** The bare repository in the backend's directory, opened when it is first needed. */
export interface Repository {
  /** Creates the repository or opens the existing one; does nothing if it is open. */
  open(signal: AbortSignal): Promise<void>
  /**
   * Call with every failure of an operation; resolves with the error to throw. A damaged repository that can be
   * rebuilt is archived beside its directory, so that the next `open` creates a new one: the error is `unavailable`.
   */
  failed(error: unknown): Promise<unknown>
  /** Resolves with whether the beginning of the history is missing. */
  isShallow(): Promise<boolean>
  /** Removes everything in the directory, which must be a copy of a remote, and opens it again, empty. */
  startOver(signal: AbortSignal): Promise<void>
  /** How often it was opened. What was known about an earlier generation may be wrong. */
  readonly generation: number
}

/** What {@link createRepository} needs. */
export interface RepositoryOptions {
  readonly git: Git
  readonly directory: string
  readonly branch: string
  /** The damage that it finds is thrown by the next `open`. */
  readonly audit: Pick<Audit, 'start' | 'stop' | 'report'>
  readonly maintenance: Pick<Maintenance, 'stop'>
  /** Called whenever the repository has been opened, before anything else uses it. */
  readonly configure: () => Promise<void>
  readonly clock: () => number
  readonly logger: Logger
  readonly onEvent: (event: BackendEvent) => void
  /** Whether everything in it can be restored from elsewhere. */
  readonly isRebuildable: boolean
  /** Whether it is a copy of a remote. */
  readonly isCopy: boolean
  /** Whether the beginning of its history may be missing. */
  readonly allowsShallow: boolean
}

/** Creates a {@link Repository}; touches nothing until it is opened. */
export function createRepository(options: RepositoryOptions): Repository {
  const { git, directory, branch, audit, maintenance, configure, clock, logger, onEvent } = options
  const { isRebuildable, isCopy, allowsShallow } = options
  const expectedHead = `ref: ${branchRef(branch)}\n`
  let isOpen = false
  let generation = 0
  let rebuiltAt: number[] = []

  const open = async (signal: AbortSignal): Promise<void> => {
    audit.report()
    if (isOpen) return
    await makeDirectory(directory)
    await assertGitIsSupported(git, signal)
    await assertEmptyOrRepository(directory)
    await removeStaleFiles({ fs, directory, clock, logger, onLockRemoved: () => onEvent('lock-removed') })
    await initializeRepository(signal)
    await configure()
    if (!allowsShallow && (await isShallow())) await replaceShallow(signal)
    isOpen = true
    generation += 1
    audit.start()
  }

  const initializeRepository = async (signal: AbortSignal): Promise<void> => {
    const head = await readHead(directory)
    await git.run(initialize(branch), signal)
    if ((await readHead(directory)) !== expectedHead) await git.run(pointHeadAt(branch), signal)
    if (head === null) logger.info({ directory }, 'local repository created')
    else if (head !== expectedHead) {
      logger.warn({ head }, 'HEAD of the local repository was wrong: reset to the branch')
    }
  }

  /** It would read as a shorter history. */
  const replaceShallow = async (signal: AbortSignal): Promise<void> => {
    const reason = 'the local repository is a shallow clone, without the beginning of its history'
    if (!isCopy) throw new GitSyncError(isRebuildable ? 'corrupt' : 'misconfigured', reason)
    logger.info({ directory }, `${reason}: fetching all of it`)
    await removeContents()
    await initializeRepository(signal)
    await configure()
  }

  const isShallow = (): Promise<boolean> =>
    fs.stat(join(directory, 'shallow')).then(
      ({ size }) => size > 0,
      () => false,
    )

  const startOver = async (signal: AbortSignal): Promise<void> => {
    logger.info({ directory }, 'the history in the local repository begins too late: fetching it again')
    await close()
    await removeContents()
    await open(signal)
  }

  const removeContents = async (): Promise<void> => {
    for (const name of await fs.readdir(directory)) {
      await fs.rm(join(directory, name), { recursive: true, force: true })
    }
  }

  const close = async (): Promise<void> => {
    isOpen = false
    await maintenance.stop()
    audit.stop()
  }

  const failed = async (cause: unknown): Promise<unknown> => {
    const error = asGitSyncError(cause)
    // Reopening repairs what a killed git or a removed directory left behind.
    if (!(error instanceof GitSyncError && REMOTE_SIDE_CODES.has(error.code))) await close()
    if (!isRebuildable || !(error instanceof GitSyncError) || error.code !== 'corrupt') return error
    if (!mayRebuild() || !(await archiveDamaged())) return error
    rebuiltAt.push(performance.now())
    onEvent('rebuilding')
    return new GitSyncError('unavailable', 'the local repository is damaged: archived, rebuilding', { cause })
  }

  const mayRebuild = (): boolean => {
    rebuiltAt = rebuiltAt.filter((at) => performance.now() - at < REBUILD_PERIOD_MS)
    return rebuiltAt.length < MAX_REBUILDS
  }

  /** Moves the repository away and leaves an empty directory of the same mode. Resolves with whether it could. */
  const archiveDamaged = async (): Promise<boolean> => {
    const archive = `${directory}.damaged`
    try {
      await fs.rm(archive, { recursive: true, force: true })
      const { mode } = await fs.stat(directory)
      await fs.rename(directory, archive)
      await fs.mkdir(directory)
      await fs.chmod(directory, mode & 0o7777)
    } catch {
      return false
    }
    logger.warn({ archive }, 'local repository is damaged: archived, rebuilding')
    return true
  }

  return {
    open,
    failed,
    isShallow,
    startOver,
    get generation() {
      return generation
    },
  }
}

/** Creates the directory with those above it. A file in its place may be anything, so it is not moved away. */
async function makeDirectory(directory: string): Promise<void> {
  const isSomethingElse = await fs.stat(directory).then(
    (found) => !found.isDirectory(),
    () => isLinkToNothing(directory),
  )
  if (!isSomethingElse) await fs.mkdir(directory, { recursive: true, mode: OWNER_ONLY_MODE })
  else {
    const reason = `"${basename(directory)}", the directory of the repository, is not a directory: move it away`
    throw new GitSyncError('misconfigured', reason)
  }
}

const isLinkToNothing = (path: string): Promise<boolean> =>
  fs.lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  )

/** The content of HEAD; `null` in an empty directory. */
async function readHead(directory: string): Promise<string | null> {
  const names = await fs.readdir(directory)
  return names.length === 0 ? null : fs.readFile(join(directory, 'HEAD'), 'utf8').catch(() => '')
}

async function assertGitIsSupported(git: Git, signal: AbortSignal): Promise<void> {
  const { major, minor } = await git.run(version, signal)
  const { major: minMajor, minor: minMinor } = MIN_GIT_VERSION
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return
  const found = `git ${major}.${minor}`
  throw new GitSyncError('misconfigured', `${found} is too old: ${minMajor}.${minMinor} or later is required`)
}

/** `git init` would add a repository to a directory of something else. */
async function assertEmptyOrRepository(directory: string): Promise<void> {
  const names = await fs.readdir(directory)
  const looksBare = ['HEAD', 'objects', 'refs'].some((name) => names.includes(name))
  if (names.length > 0 && !looksBare) {
    throw new GitSyncError('misconfigured', 'the directory is neither empty nor a bare Git repository')
  }
}
