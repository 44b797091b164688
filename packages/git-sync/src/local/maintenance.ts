import type { Logger } from '../logger.js'
import type { Audit } from './audit.js'
import type { Git } from './git.js'
import { type GitCommand, nothing } from './git-command.js'

const APPENDS_BETWEEN_CHECKS = 50
const MANY_PACKS = 50
const MANY_LOOSE_OBJECTS = 5000
/** Packing is silent, and may take long. */
const PATIENCE = 30 * 60_000

/** Keeps the repository small and quick, in place of git's own maintenance, which is switched off. */
export interface Maintenance {
  /** To be called after each append. Packs now and then; never fails. */
  afterAppend(signal: AbortSignal): Promise<void>
}

const countObjects: GitCommand<{ packs: number; loose: number }> = {
  args: ['count-objects', '-v'],
  parse({ stdout }) {
    const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0)
    return { packs: count('packs'), loose: count('count') }
  },
}

const packing = (...args: string[]): GitCommand<void> => ({ args, patience: PATIENCE, parse: nothing })

/** Answers whether this git knows how: 2.32 was the first. */
const packInSteps: GitCommand<boolean> = {
  ...packing('repack', '--geometric=2', '-d', '-q'),
  okExitCodes: [0, 129],
  parse: ({ exitCode }) => exitCode === 0,
}

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

  const packIfNeeded = async (signal: AbortSignal): Promise<void> => {
    const { packs, loose } = await git.run(countObjects, signal)
    if (packs < MANY_PACKS && loose < MANY_LOOSE_OBJECTS) return
    const began = performance.now()
    audit.stop()
    await pack(signal).finally(audit.start)
    const milliseconds = Math.round(performance.now() - began)
    logger.info({ packs, loose, milliseconds }, 'packed the repository')
  }

  const pack = async (signal: AbortSignal): Promise<void> => {
    // Merges packs of like size: each object is packed again only a few times, however many there are.
    const isKnown = await git.run(packInSteps, signal)
    if (!isKnown) await git.run(packing('repack', '-A', '-d', '-q'), signal)
    await git.run(packing('commit-graph', 'write', '--reachable'), signal)
  }

  return {
    async afterAppend(signal) {
      untilCheck -= 1
      if (untilCheck > 0) return
      untilCheck = APPENDS_BETWEEN_CHECKS
      try {
        await packIfNeeded(signal)
      } catch (error) {
        logger.error({ err: error }, 'the repository could not be packed')
      }
    },
  }
}
