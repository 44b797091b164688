import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readSyncStatus, type SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import { createLogger } from '../create-logger.js'
import { DATABASE_FILE, openData } from '../open-engine.js'
import type { CommandContext } from './command-context.js'
import { describeStatus } from './describe-status.js'

export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('say what is pending, and what the repository has')
    .action(async () => {
      context.process.stdout.write(describeStatus(await readStatus(context)))
    })
}

/**
 * Reads the status beside a running server, or without one; asks no remote.
 *
 * @throws {Error} where there is no database yet; it is not made
 */
async function readStatus({ environment, readConfig }: CommandContext): Promise<SyncStatus> {
  const config = readConfig()
  if (!existsSync(join(config.dataDirectory, DATABASE_FILE))) {
    throw new Error(`${config.dataDirectory} has no ${DATABASE_FILE}: nothing was ever served from there`)
  }
  const { store, backend, close } = await openData(config, environment, createLogger('silent'))
  try {
    return await readSyncStatus(store, backend)
  } finally {
    await close()
  }
}
