import { restore } from '@gitmsg/core'
import type { Command } from 'commander'
import { createLogger } from '../log/create-logger.js'
import { openData } from '../open-data.js'
import { abortOnStop, type CommandContext, type JsonFlag, jsonLine } from './command-context.js'
import { createProgress } from './progress.js'

/** Adds `gitmsg restore`. */
export function addRestoreCommand(program: Command, context: CommandContext): void {
  program
    .command('restore')
    .description('create a database from the repository, or continue an interrupted restore')
    .option('--json', 'print the result as JSON')
    .action((flags: JsonFlag) => runRestore(context, flags))
}

async function runRestore(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { process, environment, readConfig, print } = context
  const config = await readConfig()
  const logger = createLogger('warn', config.secrets, process.stderr)
  const { store, backend, close } = await openData(config, environment, { logger })
  const progress = createProgress('commits', process.stderr)
  try {
    progress.update(0) // the fetch comes first, and reports no progress
    const signal = abortOnStop(process)
    const onProgress = ({ commits }: { commits: number }) => progress.update(commits)
    const summary = await restore({ store, backend, logger, signal, onProgress })
    progress.stop()
    const { commits, imported, changed, skipped, conflicts } = summary
    const changes = changed > 0 ? ` and ${changed} changes` : ''
    const line = `${imported} messages${changes} restored from ${commits} commits, ${skipped} files skipped, ${conflicts} conflicts\n`
    await print(json ? jsonLine(summary) : line)
    process.exitCode = conflicts > 0 ? 1 : 0
  } finally {
    progress.stop()
    await close()
  }
}
