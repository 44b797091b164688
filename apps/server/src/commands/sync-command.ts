import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import { createLogger } from '../log/create-logger.js'
import { openEngine } from '../open-data.js'
import { type CommandContext, type JsonFlag, jsonLine } from './command-context.js'
import { describeStatus } from './status-command.js'

/** How long to wait for another process that is synchronizing the same data, and how often to check. */
const OTHER_PROCESS_WAIT_MS = 30_000
const POLL_MS = 250

/** Adds `gitmsg sync`. */
export function addSyncCommand(program: Command, context: CommandContext): void {
  program
    .command('sync')
    .description(
      'import and dispatch now; exit with 1 if that fails, finds a conflict, or messages are still pending',
    )
    .option('--json', 'print JSON in the format of POST /sync')
    .action((flags: JsonFlag) => runSync(context, flags))
}

async function runSync(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { process, environment, readConfig, print, paint } = context
  const { engine, close } = await openEngine(await readConfig(), environment, {
    logger: createLogger('silent'),
  })
  try {
    const status = await syncNow(engine)
    await print(json ? jsonLine(status) : describeStatus(status, paint))
    process.exitCode = status.pending > 0 || status.last_error ? 1 : 0
  } finally {
    await close()
  }
}

/**
 * Imports and dispatches until nothing is pending or an attempt fails. If a server is running on the same data,
 * the server does so, and this waits for it up to 30 seconds.
 *
 * @returns the status at the end; `pending` or `last_error` tell that something is left to do
 */
export async function syncNow(engine: Pick<Engine, 'sync' | 'status'>): Promise<SyncStatus> {
  let status = await engine.sync()
  const deadline = performance.now() + OTHER_PROCESS_WAIT_MS
  while (status.pending > 0 && !status.last_error && performance.now() < deadline) {
    await pause(POLL_MS)
    status = await engine.status()
  }
  return status
}
