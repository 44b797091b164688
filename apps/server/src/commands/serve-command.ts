import type { Command } from 'commander'
import { findIgnoredGitSettings } from '../config/ignored-git-settings.js'
import { unknownVariables } from '../config/read-settings.js'
import { createLogger } from '../log/create-logger.js'
import { type CommandContext, untilStopped } from './command-context.js'

/** Linux gives processes whose parent has ended to this one, which must read their exit codes. */
const INIT_PID = 1
const INIT_WARNING =
  'running as process 1 without an init: ended git processes stay in the process table; use docker run --init, or an init in the image'

/** Adds `gitmsg serve`. */
export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve the HTTP API and the web tester, and synchronize')
    .action(() => runServe(context))
}

async function runServe({ process, environment, readConfig }: CommandContext): Promise<void> {
  const config = await readConfig()
  const logger = createLogger(config.logLevel, config.secrets)
  const variables = unknownVariables(environment)
  if (variables.length > 0) logger.warn({ variables }, 'unknown settings ignored')
  if (process.pid === INIT_PID && config.backend.kind === 'local') logger.warn(INIT_WARNING)
  const ignored = await findIgnoredGitSettings(config.backend, environment)
  if (ignored.variables.length + ignored.keys.length > 0) {
    logger.warn(ignored, 'settings of plain git have no effect: use those of gitmsg')
  }
  // Loaded here, because no other command needs the HTTP server.
  const { serve } = await import('../serve.js')
  await serve(config, environment, { logger, stop: untilStopped(process) })
}
