import { CommanderError } from 'commander'
import { ConfigError } from '../config/server-config.js'

const FAILED = 1
const USAGE = 2
/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

/** What each exit code means. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: 'done',
  [FAILED]: 'it failed, or a value was refused; verify: they differ; sync: something is still pending',
  [USAGE]: 'the command line names a command or an option that there is not, or lacks one',
  [EX_CONFIG]: 'the settings are not valid',
  '130, 143': 'ended at once by a second SIGINT, SIGTERM',
}

/** The exit code for what a command ended with. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof ConfigError) return EX_CONFIG
  if (!(error instanceof CommanderError)) return FAILED
  if (error.exitCode === 0) return 0
  return error.code === 'commander.invalidArgument' ? FAILED : USAGE
}
