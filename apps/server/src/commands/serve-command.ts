import type { Command } from 'commander'
import { unknownSettings } from '../config/settings.js'
import { createLogger } from '../create-logger.js'
import { serve } from '../serve.js'
import { untilStopped } from '../until-stopped.js'
import type { CommandContext } from './command-context.js'

export function addServeCommand(
  program: Command,
  { process, environment, readConfig }: CommandContext,
): void {
  program
    .command('serve')
    .description('serve the HTTP API and the web tester, and synchronize')
    .action(async () => {
      const config = readConfig()
      const logger = createLogger(config.logLevel, config.secrets)
      const variables = unknownSettings(environment)
      if (variables.length > 0) logger.warn({ variables }, 'these variables are no settings, and are ignored')
      await serve(config, environment, { logger, stop: untilStopped(process) })
    })
}
