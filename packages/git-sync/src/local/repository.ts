import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import type { BackendEvent } from '../git-backend.js'
import { GitSyncError, type GitSyncErrorCode } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import type { Audit } from './audit.js'
import { branchRef, initialise, pointHeadAt, version } from './commands.js'
import type { Git } from './git.js'
import { removeLeftovers } from './leftovers.js'
import type { Maintenance } from './maintenance.js'
import { asGitSyncError } from './system-failure.js'

/** The first git that takes its configuration from the environment. */
const OLDEST = { major: 2, minor: 31 }
/** Failures in which our own repository did all that it should. */
const SAYS_NOTHING_OF_US: ReadonlySet<GitSyncErrorCode> = new Set([
  'stale-head',
  'unknown-cursor',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'rejected',
  'invalid-change',
  'aborted',
])
/** Whoever may enter the folder can read everything in it. One that is there already may be shared on purpose. */
const FOR_ITS_OWNER = 0o700
/**
 * So many times in so many milliseconds a repository is begun anew. One that is damaged once more is on a disk
 * that a person should look at, and building it again and again would only wear that, and the remote, out.
 */
const MOST_REBUILDS = 5
const REBUILD_PERIOD = 10 * 60_000

/** The bare repository in our folder, which is opened when it is first needed. */
export interface Repository {
  /** Makes the repository or uses the one that is there; does nothing once that is done. */
  open(signal: AbortSignal): Promise<void>
  /**
   * To be told of every failure; answers the error to throw. A damaged repository that can be made again is put
   * aside, next to where it was, so that the next `open` begins a new one: then the error is `unavailable`.
   */
  failed(error: unknown): Promise<unknown>
  /** How often it was opened: what was known of it before the last time may be wrong. */
  readonly openings: number
}

/** What {@link createRepository} needs. */
export interface RepositoryOptions {
  readonly git: Git
  readonly directory: string
  readonly branch: string
  /** Looks through what can be made again; what it finds is thrown by the next `open`. */
  readonly audit: Audit
  readonly maintenance: Pick<Maintenance, 'stop'>
  readonly clock: () => number
  readonly logger: Logger
  readonly onEvent: (event: BackendEvent) => void
  /** Whether everything in it can be made again. */
  readonly isRebuildable: boolean
}

/** A repository that nobody has looked at yet. */
export function createRepository(options: RepositoryOptions): Repository {
  const { git, directory, branch, audit, maintenance, clock, logger, onEvent, isRebuildable } = options
  const rightHead = `ref: ${branchRef(branch)}\n`
  let isOpen = false
  let openings = 0
  let rebuilds: number[] = []

  const close = async (): Promise<void> => {
    isOpen = false
    await maintenance.stop()
    audit.stop()
  }

  const putAside = async (): Promise<void> => {
    const aside = `${directory}.damaged`
    await fs.rm(aside, { recursive: true, force: true })
    const { mode } = await fs.stat(directory)
    await fs.rename(directory, aside)
    await fs.mkdir(directory)
    await fs.chmod(directory, mode & 0o7777)
    logger.warn({ aside }, 'the local repository was damaged; it is put aside and will be built again')
  }

  return {
    async open(signal) {
      audit.report()
      if (isOpen) return
      await fs.mkdir(directory, { recursive: true, mode: FOR_ITS_OWNER })
      await assertGitIsNewEnough(git, signal)
      await assertOurs(directory)
      await removeLeftovers({ fs, directory, clock, logger, onLockRemoved: () => onEvent('lock-removed') })
      const head = await readHead(directory)
      await git.run(initialise(branch), signal)
      if ((await readHead(directory)) !== rightHead) await git.run(pointHeadAt(branch), signal)
      if (head === null) logger.info({ directory }, 'made a new local repository')
      else if (head !== rightHead) {
        logger.warn({ head }, 'the HEAD of the local repository was wrong; it names the branch again')
      }
      isOpen = true
      openings += 1
      audit.start()
    },

    get openings() {
      return openings
    },

    async failed(cause) {
      const error = asGitSyncError(cause)
      // A lock that a killed git left, or a folder that somebody removed, is seen to by opening it again.
      if (!(error instanceof GitSyncError && SAYS_NOTHING_OF_US.has(error.code))) await close()
      if (!isRebuildable || !(error instanceof GitSyncError) || error.code !== 'corrupt') return error
      rebuilds = rebuilds.filter((at) => performance.now() - at < REBUILD_PERIOD)
      if (rebuilds.length >= MOST_REBUILDS) return error
      try {
        await putAside()
      } catch {
        return error
      }
      rebuilds.push(performance.now())
      onEvent('rebuilding')
      return new GitSyncError('unavailable', 'the local repository was damaged and is being built again', {
        cause,
      })
    },
  }
}

/** What the repository says is checked out; `null` in a folder that is still empty. */
async function readHead(directory: string): Promise<string | null> {
  const names = await fs.readdir(directory)
  return names.length === 0 ? null : fs.readFile(join(directory, 'HEAD'), 'utf8').catch(() => '')
}

async function assertGitIsNewEnough(git: Git, signal: AbortSignal): Promise<void> {
  const { major, minor } = await git.run(version, signal)
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return
  const needed = `${OLDEST.major}.${OLDEST.minor}`
  throw new GitSyncError('misconfigured', `git ${major}.${minor} is too old; ${needed} or later is needed`)
}

/** A folder with something else in it is a mistake that `git init` would make worse. */
async function assertOurs(directory: string): Promise<void> {
  const names = await fs.readdir(directory)
  const looksBare = ['HEAD', 'objects', 'refs'].some((name) => names.includes(name))
  if (names.length > 0 && !looksBare) {
    throw new GitSyncError('misconfigured', 'the folder is neither empty nor a bare Git repository')
  }
}
