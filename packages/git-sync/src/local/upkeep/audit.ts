import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import { countObjects, localHead } from '../git/commands.js'
import { gitFailure, isOutOfResources } from '../git/failure.js'
import type { Git } from '../git/git.js'
import { type GitCommand, type GitOutput, ignoreOutput } from '../git/git-command.js'
import { LOWEST_NICENESS } from '../git/process-priority.js'

/** When to check, and how much. */
interface AuditSchedule {
  /** From opening the repository to the first check: the operation that opened it goes first. */
  readonly startDelayMs: number
  /** The pause between two checks is a hundred times as long as a check takes, within these limits. */
  readonly minPauseMs: number
  readonly maxPauseMs: number
  /** The pause after a check that failed for another reason than damage. */
  readonly retryDelayMs: number
  /** Larger repositories are not checked: git needs some 400 bytes of memory for each object in a pack. */
  readonly maxObjects: number
}

const DEFAULT_SCHEDULE: AuditSchedule = {
  startDelayMs: 5_000,
  minPauseMs: 10_000,
  maxPauseMs: 24 * 60 * 60_000,
  retryDelayMs: 10 * 60_000,
  maxObjects: 2_000_000,
}
/** Checking may take at most a hundredth of one processor. */
const PAUSE_FACTOR = 100
/** `git fsck` reports its progress, so silence means that it hangs. */
const IDLE_TIMEOUT_MS = 10 * 60_000
/** `git fsck` reports damage in the low bits of its exit code; a higher code means that it could not check. */
const MAX_DAMAGE_EXIT_CODE = 0b11111

/**
 * Checks the whole history with `git fsck`, again and again in the background: synchronizing reads only what is new,
 * so that a damaged old object could stay unnoticed for years.
 */
export interface Audit {
  /** Call when the repository is open: starts, or continues by the schedule. */
  start(): void
  /** Call when the repository must not be read: aborts a running check, which the next `start` makes up for. */
  stop(): void
  /** Throws the damage that was found, once. */
  report(): void
  /**
   * Call when something suggests damage, such as words that may be the remote's: checks at once, and throws the damage.
   * At most every ten minutes, because a remote could suggest it every time.
   */
  investigate(signal: AbortSignal): Promise<void>
}

/** What {@link createAudit} needs. */
export interface AuditOptions {
  readonly git: Git
  readonly directory: string
  readonly branch: string
  readonly logger: Logger
  /** Nothing is checked unless damage can be repaired. */
  readonly isRebuildable: boolean
  /** Called when damage was found. */
  readonly onDamage: () => void
  readonly schedule?: AuditSchedule
}

/** Creates an audit; starts nothing. */
export function createAudit(options: AuditOptions): Audit {
  const { git, directory, branch, logger, isRebuildable, onDamage, schedule = DEFAULT_SCHEDULE } = options
  const { startDelayMs, minPauseMs, maxPauseMs, retryDelayMs, maxObjects } = schedule
  let dueAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let controller = new AbortController()
  let damage: unknown
  let mayRead = false
  let investigatedAt = Number.NEGATIVE_INFINITY

  /** A bare repository needs no index, and `git fsck` fails on a damaged one. */
  const removeIndex = async (): Promise<void> => {
    const path = join(directory, 'index')
    const isRemoved = await unlink(path).then(
      () => true,
      () => false,
    )
    if (isRemoved) logger.info({ path }, 'removed an index from the bare local repository')
  }

  const isTooLarge = async (signal: AbortSignal): Promise<boolean> => {
    const { packed } = await git.run(countObjects, signal)
    if (packed <= maxObjects) return false
    logger.info({ objects: packed }, 'local repository not checked: it is too large')
    return true
  }

  const assertUndamaged = async (signal: AbortSignal): Promise<void> => {
    const tip = await git.run(localHead(branch), signal)
    if (tip === null) return
    const output = await git.output(checkAll(tip), signal)
    throwIfAborted(signal)
    assertNothingFound(output)
  }

  /** Checks once, and resolves with the milliseconds until the next check. */
  const check = async (signal: AbortSignal): Promise<number> => {
    const startedAt = performance.now()
    const duration = () => Math.round(performance.now() - startedAt)
    try {
      await removeIndex()
      if (await isTooLarge(signal)) return maxPauseMs
      await assertUndamaged(signal)
      logger.debug({ milliseconds: duration() }, 'local repository checked: no damage found')
    } catch (error) {
      if (signal.aborted) return 0
      if (!(error instanceof GitSyncError && error.code === 'corrupt')) {
        logger.warn({ err: error }, 'cannot check the local repository')
        return retryDelayMs
      }
      damage = error
      logger.warn({ err: error }, 'local repository checked: damage found')
      onDamage()
    }
    return Math.min(maxPauseMs, Math.max(minPauseMs, PAUSE_FACTOR * duration()))
  }

  const checkAndReschedule = async (signal: AbortSignal): Promise<void> => {
    dueAt = performance.now() + (await check(signal))
    if (signal.aborted) return
    timer = undefined
    start()
  }

  const start = (): void => {
    mayRead = true
    if (!isRebuildable || timer !== undefined) return
    const delay = Math.max(startDelayMs, dueAt - performance.now())
    timer = setTimeout(checkAndReschedule, delay, controller.signal).unref()
  }

  const stop = (): void => {
    mayRead = false
    clearTimeout(timer)
    timer = undefined
    controller.abort()
    controller = new AbortController()
  }

  const report = (): void => {
    if (damage === undefined) return
    const found = damage
    damage = undefined
    throw found
  }

  const investigate = async (signal: AbortSignal): Promise<void> => {
    if (!mayRead || performance.now() - investigatedAt < retryDelayMs) return
    try {
      const either = AbortSignal.any([signal, controller.signal])
      if (!(await isTooLarge(either))) await assertUndamaged(either)
      investigatedAt = performance.now()
    } catch (error) {
      throwIfAborted(signal)
      if (!(error instanceof GitSyncError && error.code === 'corrupt')) return
      onDamage()
      throw error
    }
  }

  return { start, stop, report, investigate }
}

/** Checks every stored object, and that the history of the commit is complete. */
const checkAll = (tip: string): GitCommand<void> => ({
  args: ['fsck', '--no-dangling', '--no-reflogs', '--progress', '--end-of-options', tip],
  processGroup: { idleTimeoutMs: IDLE_TIMEOUT_MS, niceness: LOWEST_NICENESS },
  parse: ignoreOutput,
})

function assertNothingFound({ exitCode, stdout, stderr }: GitOutput): void {
  if (exitCode === 0) return
  // A killed check is not a finding, whatever it had printed.
  if (exitCode === null) throw gitFailure('git fsck', { exitCode, stdout, stderr })
  const failure = gitFailure('git fsck', { exitCode, stdout, stderr: `${stdout}\n${stderr}` })
  const hasFindings = stdout !== '' || exitCode <= MAX_DAMAGE_EXIT_CODE
  if (!hasFindings || isOutOfResources(stderr)) throw failure
  throw new GitSyncError('corrupt', failure.message)
}
