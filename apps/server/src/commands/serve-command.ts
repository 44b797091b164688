import type { Command } from 'commander'
import { unknownSettings } from '../config/environment-reader.js'
import { findIgnoredGitSettings } from '../config/ignored-git-settings.js'
import { createLogger } from '../log/create-logger.js'
import { serve } from '../serve.js'
import { untilStopped } from '../until-stopped.js'
import type { CommandContext } from './command-context.js'

/** Adds `gitmsg serve`. */
export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve the HTTP API and the web tester, and synchronize')
    .action(() => runServe(context))
}

async function runServe({ process, environment, readConfig }: CommandContext): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.logLevel, config.secrets)
  const variables = unknownSettings(environment)
  if (variables.length > 0) logger.warn({ variables }, 'unknown settings ignored')
  const ignored = await findIgnoredGitSettings(config.backend, environment)
  if (ignored.variables.length + ignored.keys.length > 0) {
    logger.warn(ignored, 'settings of plain git have no effect: use those of gitmsg')
  }
  await serve(config, environment, { logger, stop: untilStopped(process) })
}
