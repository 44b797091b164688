import { CommanderError } from 'commander'
import { ConfigError } from '../config/server-config.js'

const FAILED = 1
/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

/** What each exit code means. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: 'done',
  [FAILED]: 'it failed; verify: they differ; sync: something is still pending',
  [EX_CONFIG]: 'a setting, or something on the command line, is not valid',
  '130, 143': 'ended at once by a second SIGINT, SIGTERM',
}

/** The exit code for what a command ended with. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof ConfigError) return EX_CONFIG
  if (!(error instanceof CommanderError)) return FAILED
  return error.exitCode === 0 ? 0 : EX_CONFIG
}
