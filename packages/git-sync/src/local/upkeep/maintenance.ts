import type { Logger } from '../../logger.js'
import type { Audit } from './audit.js'
import { countObjects } from '../git/commands.js'
import type { Git } from '../git/git.js'
import { type GitCommand, nothing } from '../git/git-command.js'
import { LEAST_PRIORITY } from '../git/lower-priority.js'

const APPENDS_BETWEEN_CHECKS = 20
const MANY_PACKS = 20
const MANY_LOOSE_OBJECTS = 5000
/** With so many others git compares an object, by default too. */
const WINDOW = 10
/** A process that only synchronizes and ends would never pack; for so many milliseconds it is waited for. */
const LAST_CHANCE = 5_000
/** Packing is silent, and may take long. */
const PATIENCE = 30 * 60_000

/** Keeps the repository small and quick, in place of git's own maintenance, which is switched off. */
export interface Maintenance {
  /** To be called after each append. Begins to pack now and then, while others work; never fails. */
  afterAppend(): void
  /** To be called when the repository is not to be touched: breaks off, and resolves when nothing is under way. */
  stop(): Promise<void>
  /** To be called at the end: resolves when nothing is under way, and breaks off what takes more than seconds. */
  finish(): Promise<void>
}

const packing = (...args: string[]): GitCommand<void> => ({
  args,
  patience: PATIENCE,
  niceness: LEAST_PRIORITY,
  parse: nothing,
})

/**
 * Merges packs of like size: each object is packed again only a few times, however many there are. Packs of
 * ours are as small as they get, so they are only copied (a window of 0); loose objects gain from being compared.
 * Answers whether this git knows how: 2.32 was the first.
 */
const packInSteps = (window: number): GitCommand<boolean> => ({
  ...packing('repack', '--geometric=2', '-d', '-q', `--window=${window}`),
  okExitCodes: [0, 129],
  parse: ({ exitCode }) => exitCode === 0,
})

/** What {@link createMaintenance} needs. */
export interface MaintenanceOptions {
  readonly git: Git
  /** Is stopped meanwhile: packs that vanish would look like damage to it. */
  readonly audit: Pick<Audit, 'start' | 'stop'>
  readonly logger: Logger
}

/** Maintenance that looks at the repository first after the first append, and then now and then. */
export function createMaintenance({ git, audit, logger }: MaintenanceOptions): Maintenance {
  let untilCheck = 1
  let underWay: Promise<void> | null = null
  let ending = new AbortController()

  const packIfNeeded = async (signal: AbortSignal): Promise<void> => {
    const { packs, loose } = await git.run(countObjects, signal)
    if (packs < MANY_PACKS && loose < MANY_LOOSE_OBJECTS) return
    const began = performance.now()
    audit.stop()
    await pack(loose < MANY_LOOSE_OBJECTS ? 0 : WINDOW, signal).finally(audit.start)
    const milliseconds = Math.round(performance.now() - began)
    logger.info({ packs, loose, milliseconds }, 'packed the repository')
  }

  const pack = async (window: number, signal: AbortSignal): Promise<void> => {
    const isKnown = await git.run(packInSteps(window), signal)
    if (!isKnown) await git.run(packing('repack', '-A', '-d', '-q'), signal)
    await git.run(packing('commit-graph', 'write', '--reachable', '--split'), signal)
  }

  return {
    afterAppend() {
      untilCheck -= 1
      if (untilCheck > 0 || underWay !== null) return
      untilCheck = APPENDS_BETWEEN_CHECKS
      const { signal } = ending
      underWay = packIfNeeded(signal)
        .catch((error) => {
          if (!signal.aborted) logger.error({ err: error }, 'the repository could not be packed')
        })
        .finally(() => {
          underWay = null
        })
    },

    async stop() {
      ending.abort()
      ending = new AbortController()
      await underWay
    },

    async finish() {
      const timer = setTimeout(() => ending.abort(), LAST_CHANCE)
      await underWay
      clearTimeout(timer)
    },
  }
}
