#!/usr/bin/env node
import * as files from 'node:fs'
import { Command } from 'commander'
import { config as loadDotenv } from 'dotenv'
import type { CommandContext } from './commands/command-context.js'
import { addQuarantineCommand } from './commands/quarantine-command.js'
import { addRestoreCommand } from './commands/restore-command.js'
import { addServeCommand } from './commands/serve-command.js'
import { addStatusCommand } from './commands/status-command.js'
import { addSyncCommand } from './commands/sync-command.js'
import { addTokenCommand } from './commands/token-command.js'
import { addVerifyCommand } from './commands/verify-command.js'
import { parseConfig } from './config/parse-config.js'
import { ConfigError } from './config/server-config.js'

/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

loadDotenv({ quiet: true })
const context: CommandContext = {
  process,
  environment: process.env,
  readConfig: () => parseConfig(process.env, files),
}
const program = new Command('gitmsg')
  .description('A messaging service whose history is a Git repository.')
  .addHelpText('after', '\nSettings come from the environment and from the file .env; README.md lists them.')
addServeCommand(program, context)
addStatusCommand(program, context)
addSyncCommand(program, context)
addVerifyCommand(program, context)
addRestoreCommand(program, context)
addQuarantineCommand(program, context)
addTokenCommand(program, context)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`gitmsg: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof ConfigError ? EX_CONFIG : 1
}
