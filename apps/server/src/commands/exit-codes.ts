import { CommanderError } from 'commander'
import { ConfigError } from '../config/server-config.js'

const FAILURE = 1
/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

/** The meaning of each exit code. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: 'success',
  [FAILURE]:
    'failure; verify: differences found; restore: conflicts found; sync: conflicts found or messages still pending; quarantine retry: not quarantined',
  [EX_CONFIG]: 'invalid settings or command line',
  '130, 143': 'ended at once by a second SIGINT or SIGTERM',
}

/** Returns the exit code for what a command threw. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof ConfigError) return EX_CONFIG
  if (!(error instanceof CommanderError)) return FAILURE
  return error.exitCode === 0 ? 0 : EX_CONFIG
}
