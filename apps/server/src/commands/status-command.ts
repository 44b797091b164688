import { readSyncStatus, type SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import { describeStatus } from './describe-status.js'
import { openExistingData } from './open-existing-data.js'

export function addStatusCommand(program: Command, context: CommandContext): void {
  const { print, paint } = context
  program
    .command('status')
    .description('say what is pending, and what the repository has; asks no remote')
    .option('--json', 'say it in JSON, like GET /sync')
    .action(async ({ json = false }: JsonFlag) => {
      const status = await readStatus(context)
      await print(json ? toLine(status) : describeStatus(status, paint))
    })
}

/** Reads the status beside a running server, or without one. */
async function readStatus(context: CommandContext): Promise<SyncStatus> {
  const { store, backend, close } = await openExistingData(context)
  try {
    return await readSyncStatus(store, backend)
  } finally {
    await close()
  }
}
