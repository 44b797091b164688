import { readSyncStatus, type SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import type { CommandContext } from './command-context.js'
import { describeStatus } from './describe-status.js'
import { openExistingData } from './open-existing-data.js'

export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('say what is pending, and what the repository has')
    .action(async () => {
      context.process.stdout.write(describeStatus(await readStatus(context)))
    })
}

/** Reads the status beside a running server, or without one; asks no remote. */
async function readStatus(context: CommandContext): Promise<SyncStatus> {
  const { store, backend, close } = await openExistingData(context)
  try {
    return await readSyncStatus(store, backend)
  } finally {
    await close()
  }
}
