import { restore } from '@gitmsg/core'
import type { Command } from 'commander'
import { createLogger } from '../create-logger.js'
import { openData } from '../open-data.js'
import { abortOnStop } from './abort-on-stop.js'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import { createProgress } from './progress.js'

export function addRestoreCommand(program: Command, context: CommandContext): void {
  program
    .command('restore')
    .description('make a new database from the repository alone; goes on where an interrupted one stopped')
    .option('--json', 'say the result in JSON')
    .action((flags: JsonFlag) => runRestore(context, flags))
}

async function runRestore(context: CommandContext, { json = false }: JsonFlag) {
  const { process, environment, readConfig, print } = context
  const config = readConfig()
  const logger = createLogger('warn', config.secrets, process.stderr)
  const { store, backend, close } = await openData(config, environment, { logger })
  const progress = createProgress('commits', process.stderr)
  try {
    progress.update(0) // the fetch comes first, and says nothing
    const signal = abortOnStop(process)
    const onProgress = ({ commits }: { commits: number }) => progress.update(commits)
    const summary = await restore({ store, backend, logger, signal, onProgress })
    progress.stop()
    const { commits, imported, skipped } = summary
    const line = `${imported} messages restored from ${commits} commits, ${skipped} files left out\n`
    await print(json ? toLine(summary) : line)
  } finally {
    progress.stop()
    await close()
  }
}
