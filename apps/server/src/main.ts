#!/usr/bin/env node
import * as files from 'node:fs'
import { CommanderError } from 'commander'
import { config as loadDotenv } from 'dotenv'
import { createPaint } from './commands/create-paint.js'
import { createPrint } from './commands/create-print.js'
import { createProgram } from './commands/create-program.js'
import { exitCodeFor } from './commands/exit-codes.js'
import { parseConfig } from './config/parse-config.js'

loadDotenv({ quiet: true })
const program = createProgram({
  process,
  environment: process.env,
  readConfig: () => parseConfig(process.env, files),
  print: createPrint(process.stdout),
  paint: createPaint(process.stdout),
})
const words = process.argv.slice(2)

try {
  await program.parseAsync(words.length > 0 ? words : ['serve'], { from: 'user' })
} catch (error) {
  process.exitCode = exitCodeFor(error)
  // The parser has said what it has to say.
  if (!(error instanceof CommanderError)) {
    const mark = createPaint(process.stderr)('red', 'gitmsg:')
    process.stderr.write(`${mark} ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
