import * as files from 'node:fs'
import type { StoreErrorCode } from '@gitmsg/store'
import { CommanderError } from 'commander'
import { config as loadDotenv } from 'dotenv'
import { type CommandContext, createPaint, createPrint } from './commands/command-context.js'
import { createProgram, exitCodeFor } from './commands/create-program.js'

/** Without a project, there is no package.json in which npm could allow an install script. */
const GLOBAL_ADVICE =
  '; if gitmsg was started with npx or installed globally, run "npm install -g --allow-scripts=better-sqlite3 gitmsg"'

/** Runs the command that the words of the command line name, and sets the exit code. */
export async function runProgram(given: readonly string[]): Promise<void> {
  // The reader of an output may be gone, or its disk full. Without a listener, that would end the process.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  loadDotenv({ quiet: true })
  const words = given.length > 0 ? given : ['serve']
  const context: CommandContext = {
    process,
    environment: process.env,
    async readConfig() {
      const { parseConfig } = await import('./config/parse-config.js')
      return parseConfig(process.env, files)
    },
    print: createPrint(process.stdout),
    paint: createPaint(process.stdout),
  }

  try {
    const program = await createProgram(context, words)
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    process.exitCode = exitCodeFor(error)
    // Commander has printed its own errors already.
    if (!(error instanceof CommanderError)) {
      const prefix = createPaint(process.stderr)('red', 'gitmsg:')
      process.stderr.write(`${prefix} ${describeError(error)}\n`)
    }
  }
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isMissing = 'code' in error && error.code === ('missing-sqlite' satisfies StoreErrorCode)
  return isMissing ? error.message + GLOBAL_ADVICE : error.message
}
