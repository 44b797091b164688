import * as files from 'node:fs'
import { CommanderError } from 'commander'
import { config as loadDotenv } from 'dotenv'
import { createPaint, createPrint } from './commands/command-context.js'
import { createProgram, exitCodeFor } from './commands/create-program.js'
import { parseConfig } from './config/parse-config.js'

/** Runs the command that the words of the command line name, and sets the exit code. */
export async function runProgram(words: readonly string[]): Promise<void> {
  // The reader of an output may be gone, or its disk full. Without a listener, that would end the process.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  loadDotenv({ quiet: true })
  const program = createProgram({
    process,
    environment: process.env,
    readConfig: () => parseConfig(process.env, files),
    print: createPrint(process.stdout),
    paint: createPaint(process.stdout),
  })

  try {
    await program.parseAsync(words.length > 0 ? words : ['serve'], { from: 'user' })
  } catch (error) {
    process.exitCode = exitCodeFor(error)
    // Commander has printed its own errors already.
    if (!(error instanceof CommanderError)) {
      const prefix = createPaint(process.stderr)('red', 'gitmsg:')
      process.stderr.write(`${prefix} ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}
