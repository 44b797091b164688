#!/usr/bin/env node
import * as files from 'node:fs'
import { Command } from 'commander'
import { config as loadDotenv } from 'dotenv'
import { serve } from './commands/serve.js'
import { describeStatus, readStatus } from './commands/status.js'
import { syncNow } from './commands/sync.js'
import { parseConfig } from './config/parse-config.js'
import { ConfigError } from './config/server-config.js'
import { createLogger } from './create-logger.js'
import { openEngine } from './open-engine.js'
import { untilStopped } from './until-stopped.js'

/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

const program = new Command('gitmsg')
  .description('A messaging service whose history is a Git repository.')
  .addHelpText('after', '\nSettings come from the environment and from the file .env; README.md lists them.')

program
  .command('serve', { isDefault: true })
  .description('serve the HTTP API and the web tester, and synchronize (default)')
  .action(async () => {
    const config = parseConfig(process.env, files)
    const logger = createLogger(config.logLevel)
    await serve(config, process.env, { logger, stop: untilStopped(process) })
  })

program
  .command('status')
  .description('say what is pending, and what the repository has')
  .action(async () => {
    const status = await readStatus(parseConfig(process.env, files), process.env)
    process.stdout.write(describeStatus(status))
  })

program
  .command('sync')
  .description('import and dispatch now; exit 1 when that fails')
  .action(async () => {
    const { engine, close } = await openEngine(
      parseConfig(process.env, files),
      process.env,
      createLogger('silent'),
    )
    try {
      const status = await syncNow(engine)
      process.stdout.write(describeStatus(status))
      process.exitCode = status.pending > 0 || status.last_error ? 1 : 0
    } finally {
      await close()
    }
  })

loadDotenv({ quiet: true })
try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`gitmsg: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof ConfigError ? EX_CONFIG : 1
}
