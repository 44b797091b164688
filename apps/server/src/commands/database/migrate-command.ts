import type { Command } from 'commander'
import type { ServerConfig } from '../../config/server-config.js'
import { createLogger } from '../../log/create-logger.js'
import { openAccountsDatabase } from '../../open-accounts.js'
import { openDatabase } from '../../open-database.js'
import { type CommandContext, type JsonFlag, jsonLine } from '../command-context.js'

/** Adds `gitmsg migrate`. */
export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description(
      'create the tables of the database, or migrate those of an older version; servers of that version end',
    )
    .option('--json', 'print the result as JSON')
    .action((flags: JsonFlag) => runMigrate(context, flags))
}

async function runMigrate(
  { process, readConfig, print }: CommandContext,
  { json = false }: JsonFlag,
): Promise<void> {
  const config = await readConfig()
  const startedAt = performance.now()
  const migrated = await migrate(config, process)
  const milliseconds = Math.round(performance.now() - startedAt)
  const line = migrated ? `database migrated in ${milliseconds} ms\n` : 'nothing to migrate\n'
  await print(json ? jsonLine({ migrated, milliseconds }) : line)
}

/** Resolves with whether there was something to do. */
async function migrate(config: ServerConfig, { stderr }: NodeJS.Process): Promise<boolean> {
  const logger = createLogger('warn', config.secrets, stderr)
  const { dataDirectory, postgres } = config
  let migrated = false
  function onMigrate(): void {
    migrated = true
  }
  const asked = { dataDirectory, postgres: postgres && { ...postgres, migrates: true } }
  const store = await openDatabase(asked, { logger, mustExist: postgres === null, onMigrate })
  await store.close()
  if (config.accounts && postgres) await (await openAccountsDatabase(asked, { onMigrate })).close()
  return migrated
}
