import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import { createLogger } from '../create-logger.js'
import { openEngine } from '../open-engine.js'
import type { CommandContext } from './command-context.js'
import { describeStatus } from './describe-status.js'

/** How long, in milliseconds, to wait for another process that holds the right to synchronize. */
const PATIENCE = 30_000
const LOOK_AGAIN = 250

export function addSyncCommand(program: Command, { process, environment, readConfig }: CommandContext): void {
  program
    .command('sync')
    .description('import and dispatch now; exit 1 when that fails')
    .action(async () => {
      const { engine, close } = await openEngine(readConfig(), environment, {
        logger: createLogger('silent'),
      })
      try {
        const status = await syncNow(engine)
        process.stdout.write(describeStatus(status))
        process.exitCode = status.pending > 0 || status.last_error ? 1 : 0
      } finally {
        await close()
      }
    })
}

/**
 * Imports and dispatches until nothing is pending or it fails. Where a server runs on the same data, that
 * server does it, and this waits for it.
 */
async function syncNow(engine: Engine): Promise<SyncStatus> {
  let status = await engine.sync()
  const until = performance.now() + PATIENCE
  while (status.pending > 0 && !status.last_error && performance.now() < until) {
    await pause(LOOK_AGAIN)
    status = await engine.status()
  }
  return status
}
