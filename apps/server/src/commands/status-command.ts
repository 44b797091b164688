import { readSyncStatus, type SyncStatus } from '@gitmsg/core'
import type { Command } from 'commander'
import { openExistingData } from '../open-data.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from './command-context.js'

/** Adds `gitmsg status`. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show the status of the synchronization, without contacting the remote')
    .option('--json', 'print JSON in the format of GET /sync')
    .action((flags: JsonFlag) => runStatus(context, flags))
}

async function runStatus(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { environment, readConfig, print, paint } = context
  const { store, backend, close } = await openExistingData(await readConfig(), environment)
  try {
    const status = await readSyncStatus(store, backend)
    await print(json ? jsonLine(status) : describeStatus(status, paint))
  } finally {
    await close()
  }
}

/** Formats a status for people: a name and a value on each line. */
export function describeStatus(status: SyncStatus, paint: Paint): string {
  const { last_error: error, pending, quarantined } = status
  const lines = [
    ['backend', status.backend],
    ['remote', status.remote ?? 'none: the local repository only'],
    ['branch', status.branch],
    ['head', status.head ?? 'no commit yet'],
    ['pending', paint(pending > 0 ? 'yellow' : 'green', String(pending))],
    ['oldest pending', status.oldest_pending_at ?? '-'],
    ['quarantined', paint(quarantined > 0 ? 'red' : 'green', String(quarantined))],
    ['last synchronized', status.last_synchronized_at ?? 'never'],
    ...(error ? [['last error', paint('red', `${error.code}: ${error.message}`)]] : []),
  ]
  return lines.map(([name = '', value]) => `${paint('dim', name.padEnd(18))} ${value}\n`).join('')
}
