import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { GitSyncError, throwIfAborted } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { countObjects, localHead } from './commands.js'
import type { Git } from './git.js'
import { type GitAnswer, type GitCommand, nothing } from './git-command.js'
import { gitFailure, isOutOfResources } from './git-failure.js'
import { LEAST_PRIORITY } from './lower-priority.js'

/** When to look, in milliseconds. */
interface AuditSchedule {
  /** Before each look after the repository was opened: whatever opened it comes first. */
  readonly settle: number
  /** The rest between two looks is a hundred times as long as a look takes, but within these. */
  readonly shortestRest: number
  readonly longestRest: number
  /** After a look that could not be finished. */
  readonly retry: number
  /** Only up to so many objects in packs: git needs some 400 bytes of memory for each. */
  readonly mostObjects: number
}

const SCHEDULE: AuditSchedule = {
  settle: 5_000,
  shortestRest: 10_000,
  longestRest: 24 * 60 * 60_000,
  retry: 10 * 60_000,
  mostObjects: 2_000_000,
}
/** How many times longer it rests than it looks: looking may take a hundredth of one processor. */
const REST_FACTOR = 100
/** Milliseconds without progress after which a look is given up. */
const PATIENCE = 10 * 60_000
/** `git fsck` says what it found in the bits of its exit code; above them, it could not look. */
const ALL_FINDINGS = 0b11111

/**
 * Looks through everything the branch consists of, now and then, while others work: synchronizing reads only
 * what is new, so that an old object could be missing for years.
 */
export interface Audit {
  /** To be called whenever the repository is open: begins, or goes on by the schedule. */
  start(): void
  /** To be called when the repository is not to be read: breaks off, and looks again after the next start. */
  stop(): void
  /** Throws what was found, once; then it counts as seen to. */
  report(): void
}

/** What {@link createAudit} needs. */
export interface AuditOptions {
  readonly git: Git
  readonly directory: string
  readonly branch: string
  readonly logger: Logger
  /** Whether anybody can mend what would be found; otherwise nothing is looked at. */
  readonly isRebuildable: boolean
  /** Called when damage was found. */
  readonly onDamage: () => void
  readonly schedule?: AuditSchedule
}

/** An audit that has not begun. */
export function createAudit(options: AuditOptions): Audit {
  const { git, directory, branch, logger, isRebuildable, onDamage } = options
  const { settle, shortestRest, longestRest, retry, mostObjects } = options.schedule ?? SCHEDULE
  let dueAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let ending = new AbortController()
  let damage: unknown

  /** It is of no use in a bare repository, and plain git trips over one that is damaged. */
  const removeIndex = async (): Promise<void> => {
    const path = join(directory, 'index')
    const removed = await unlink(path).then(
      () => true,
      () => false,
    )
    if (removed) logger.info({ path }, 'removed an index that was of no use')
  }

  const look = async (signal: AbortSignal): Promise<void> => {
    const tip = await git.run(localHead(branch), signal)
    if (tip === null) return
    const answer = await git.ask(examine(tip), signal)
    throwIfAborted(signal)
    judge(answer)
  }

  const isTooLarge = async (signal: AbortSignal): Promise<boolean> => {
    const { packed } = await git.run(countObjects, signal)
    if (packed <= mostObjects) return false
    logger.info(
      { objects: packed },
      'the local repository is too large to be looked through beside other work',
    )
    return true
  }

  const restAfter = async (signal: AbortSignal): Promise<number> => {
    const began = performance.now()
    const duration = () => Math.round(performance.now() - began)
    try {
      await removeIndex()
      if (await isTooLarge(signal)) return longestRest
      await look(signal)
      logger.debug({ milliseconds: duration() }, 'looked through the local repository: it is whole')
    } catch (error) {
      if (signal.aborted) return 0
      if (!(error instanceof GitSyncError && error.code === 'corrupt')) {
        logger.warn({ err: error }, 'the local repository could not be looked through')
        return retry
      }
      damage = error
      logger.warn({ err: error }, 'looked through the local repository: it is damaged')
      onDamage()
    }
    return Math.min(longestRest, Math.max(shortestRest, REST_FACTOR * duration()))
  }

  const start = (): void => {
    if (!isRebuildable || timer !== undefined) return
    const { signal } = ending
    timer = setTimeout(
      async () => {
        dueAt = performance.now() + (await restAfter(signal))
        if (signal.aborted) return
        timer = undefined
        start()
      },
      Math.max(settle, dueAt - performance.now()),
    ).unref()
  }

  return {
    start,
    stop() {
      clearTimeout(timer)
      timer = undefined
      ending.abort()
      ending = new AbortController()
    },
    report() {
      if (damage === undefined) return
      const found = damage
      damage = undefined
      throw found
    },
  }
}

/** Everything that is stored, and whether all that the commit stands on is among it. */
const examine = (tip: string): GitCommand<void> => ({
  args: ['fsck', '--no-dangling', '--no-reflogs', '--progress', '--end-of-options', tip],
  patience: PATIENCE,
  niceness: LEAST_PRIORITY,
  parse: nothing,
})

function judge({ exitCode, stdout, stderr }: GitAnswer): void {
  if (exitCode === 0) return
  const failure = gitFailure('git fsck', { exitCode, stdout, stderr: `${stdout}\n${stderr}` })
  const foundSomething = stdout !== '' || (exitCode !== null && exitCode <= ALL_FINDINGS)
  if (!foundSomething || isOutOfResources(stderr)) throw failure
  throw new GitSyncError('corrupt', failure.message)
}
