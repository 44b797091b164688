import { EventEmitter } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { Command } from 'commander'
import type { CommandContext } from '../commands/command-context.js'

export interface ClientCommandOptions {
  /** What is on standard input. */
  readonly input?: string | Uint8Array
  readonly environment?: Record<string, string>
  /** Whether a person looks. Default: false. */
  readonly isTerminal?: boolean
}

/** Runs a command in this process, as if it were the only one of gitmsg. */
export function startClientCommand(
  add: (program: Command, context: CommandContext) => void,
  words: readonly string[],
  { input = '', environment = {}, isTerminal = false }: ClientCommandOptions = {},
) {
  const printed: string[] = []
  const reported: string[] = []
  const stdout = Object.assign(new PassThrough(), { isTTY: isTerminal })
  stdout.on('error', () => {})
  const process = Object.assign(new EventEmitter(), {
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr: { write: (text: string) => reported.push(text) },
    exitCode: undefined as number | undefined,
  })
  const context = {
    process,
    environment,
    print: async (text: string) => void printed.push(text),
    paint: (style: string, text: string) => `<${style}>${text}</>`,
  } as unknown as CommandContext
  const program = new Command('gitmsg').exitOverride().configureOutput({ writeErr: () => {} })
  add(program, context)
  const done = program.parseAsync([...words], { from: 'user' })
  done.catch(() => {})
  return {
    /** Resolves when the command has ended; rejects with what it threw. */
    done,
    process,
    /** What it has printed so far. */
    output: () => printed.join(''),
    /** The same as values of JSON, one for each line. */
    // biome-ignore lint/suspicious/noExplicitAny: commands print values of every shape
    values: (): any[] => printed.map((line) => JSON.parse(line)),
    /** What it has written to standard error. */
    reported: () => reported.join(''),
  }
}

/** The same for a command that ends; resolves when it has. */
export async function runClientCommand(...parameters: Parameters<typeof startClientCommand>) {
  const command = startClientCommand(...parameters)
  await command.done
  return command
}
