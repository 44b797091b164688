import * as files from 'node:fs'
import type { CommandContext } from '../commands/command-context.js'
import { createProgram } from '../commands/create-program.js'
import { parseConfig } from '../config/parse-config.js'
import type { Environment } from '../config/server-config.js'

/** Runs a command in this process, with these settings, and returns what it printed. Errors are thrown. */
export async function run(words: readonly string[], environment: Environment): Promise<string> {
  const printed: string[] = []
  const context: CommandContext = {
    process,
    environment,
    readConfig: async () => parseConfig(environment, files),
    print: async (text) => void printed.push(text),
    paint: (_style, text) => text,
  }
  const program = await createProgram(context, words)
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    command.configureOutput({ writeErr: () => {} })
  }
  await program.parseAsync([...words], { from: 'user' })
  return printed.join('')
}
