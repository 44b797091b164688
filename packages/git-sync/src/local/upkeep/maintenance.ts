import type { Logger } from '../../logger.js'
import { countObjects } from '../git/commands.js'
import type { Git } from '../git/git.js'
import { type GitCommand, ignoreOutput } from '../git/git-command.js'
import { LOWEST_NICENESS } from '../git/process-priority.js'
import type { Audit } from './audit.js'

const APPENDS_BETWEEN_CHECKS = 20
const MAX_PACKS = 20
const MAX_LOOSE_OBJECTS = 5000
/** With how many other objects git compares each one; git's default. */
const DELTA_WINDOW = 10
/** How long closing waits for packing, because a process that always exits early would never pack. */
const FINISH_TIMEOUT_MS = 5_000
/** Packing prints nothing, and may take long. */
const IDLE_TIMEOUT_MS = 30 * 60_000

/** Keeps the repository small and fast, in place of git's own maintenance, which is switched off. */
export interface Maintenance {
  /** Call after each append. Starts packing in the background if it is needed; never fails. */
  afterAppend(): void
  /** Call before the repository is closed: aborts packing, and resolves once it has ended. */
  stop(): Promise<void>
  /** Call at the end: resolves once packing has ended, and aborts it after 5 seconds. */
  finish(): Promise<void>
}

const packing = (...args: string[]): GitCommand<void> => ({
  args,
  processGroup: { idleTimeoutMs: IDLE_TIMEOUT_MS, niceness: LOWEST_NICENESS },
  parse: ignoreOutput,
})

/**
 * Merges packs of similar size, so that each object is packed again only a few times, however many packs there are.
 * Packs from `fast-import` cannot get smaller, so they are only copied (a window of 0); loose objects can.
 * The result is whether git supports this: 2.32 and later do.
 */
const packInSteps = (window: number): GitCommand<boolean> => ({
  ...packing('repack', '--geometric=2', '-d', '-q', `--window=${window}`),
  okExitCodes: [0, 129],
  parse: ({ exitCode }) => exitCode === 0,
})

/** What {@link createMaintenance} needs. */
export interface MaintenanceOptions {
  readonly git: Git
  /** Stopped while packing: packs that are replaced would look like damage. */
  readonly audit: Pick<Audit, 'start' | 'stop'>
  readonly logger: Logger
}

/** Maintenance that checks the repository after the first append, and then after every 20th. */
export function createMaintenance({ git, audit, logger }: MaintenanceOptions): Maintenance {
  let appendsUntilCheck = 1
  let running: Promise<void> | null = null
  let controller = new AbortController()

  const pack = async (window: number, signal: AbortSignal): Promise<void> => {
    const isSupported = await git.run(packInSteps(window), signal)
    if (!isSupported) await git.run(packing('repack', '-A', '-d', '-q'), signal)
    await git.run(packing('commit-graph', 'write', '--reachable', '--split'), signal)
  }

  const packIfNeeded = async (signal: AbortSignal): Promise<void> => {
    const { packs, loose } = await git.run(countObjects, signal)
    if (packs < MAX_PACKS && loose < MAX_LOOSE_OBJECTS) return
    const startedAt = performance.now()
    audit.stop()
    await pack(loose < MAX_LOOSE_OBJECTS ? 0 : DELTA_WINDOW, signal).finally(audit.start)
    const milliseconds = Math.round(performance.now() - startedAt)
    logger.info({ packs, loose, milliseconds }, 'local repository packed')
  }

  const packInBackground = async (signal: AbortSignal): Promise<void> => {
    try {
      await packIfNeeded(signal)
    } catch (error) {
      if (!signal.aborted) logger.error({ err: error }, 'cannot pack the local repository')
    } finally {
      running = null
    }
  }

  return {
    afterAppend() {
      appendsUntilCheck -= 1
      if (appendsUntilCheck > 0 || running !== null) return
      appendsUntilCheck = APPENDS_BETWEEN_CHECKS
      running = packInBackground(controller.signal)
    },

    async stop() {
      controller.abort()
      controller = new AbortController()
      await running
    },

    async finish() {
      const timer = setTimeout(() => controller.abort(), FINISH_TIMEOUT_MS)
      await running
      clearTimeout(timer)
    },
  }
}
