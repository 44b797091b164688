import type { Command } from 'commander'
import { createLogger } from '../create-logger.js'
import { openEngine } from '../open-engine.js'
import { syncNow } from '../sync-now.js'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import { describeStatus } from './describe-status.js'

export function addSyncCommand(program: Command, context: CommandContext): void {
  const { process, environment, readConfig, print, paint } = context
  program
    .command('sync')
    .description('import and dispatch now; exit 1 when that fails')
    .option('--json', 'say the outcome in JSON, like POST /sync')
    .action(async ({ json = false }: JsonFlag) => {
      const { engine, close } = await openEngine(readConfig(), environment, {
        logger: createLogger('silent'),
      })
      try {
        const status = await syncNow(engine)
        await print(json ? toLine(status) : describeStatus(status, paint))
        process.exitCode = status.pending > 0 || status.last_error ? 1 : 0
      } finally {
        await close()
      }
    })
}
