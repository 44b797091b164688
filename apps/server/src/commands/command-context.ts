import { once } from 'node:events'
import { styleText } from 'node:util'
import type { Environment, ServerConfig } from '../config/server-config.js'

/** What every command gets from the process that it runs in. */
export interface CommandContext {
  readonly process: NodeJS.Process
  readonly environment: Environment
  /** Rejects with a `ConfigError`. Asynchronous, because commands without settings do not load the parser. */
  readonly readConfig: () => Promise<ServerConfig>
  /** Writes to standard output. */
  readonly print: Print
  /** Colours texts for standard output. */
  readonly paint: Paint
}

/** The option of every command that prints something. */
export interface JsonFlag {
  readonly json?: boolean
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red'

/** Writes a text. Resolves when the next one can be written. */
export type Print = (text: string) => Promise<void>

/** Colours a text, or returns it unchanged if the output has no colours. */
export type Paint = (style: Style, text: string) => string

/** Prints to an output. After its reader has closed it, as `head` does, texts are dropped and the work goes on. */
export function createPrint(output: NodeJS.WriteStream): Print {
  const drop = () => {}
  return async (text) => {
    // Added on the first use, because the output is the log's in a server, which handles its errors itself.
    if (!output.listeners('error').includes(drop)) output.on('error', drop)
    if (output.writable && !output.write(text)) await once(output, 'drain').catch(drop)
  }
}

/** Colours texts for an output that is a terminal with colours, unless `NO_COLOR` is set. */
export function createPaint(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true })
}

/** Formats fields as a line of JSON. */
export const jsonLine = (fields: object): string => `${JSON.stringify(fields)}\n`

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const

/** A signal that asks a process to end. */
export type StopSignal = keyof typeof SIGNAL_NUMBERS

/** The exit code of a process that a signal has ended, as shells show it. */
export const exitCodeOf = (signal: StopSignal): number => 128 + SIGNAL_NUMBERS[signal]

/** npx and `bun x` pass on what a terminal sends to them and to the program. */
const SAME_REQUEST_MS = 500

/**
 * Resolves with the name of the first SIGINT or SIGTERM that the process receives. Another one, after half a second,
 * ends the process at once with the exit code 128 + signal number; acknowledged messages are in the database by then.
 */
export function untilStopped(process: NodeJS.Process): Promise<StopSignal> {
  return new Promise((resolve) => {
    let stoppingSince: number | null = null
    for (const signal of Object.keys(SIGNAL_NUMBERS) as StopSignal[]) {
      process.on(signal, () => {
        const now = performance.now()
        stoppingSince ??= now
        if (now - stoppingSince >= SAME_REQUEST_MS) process.exit(exitCodeOf(signal))
        resolve(signal)
      })
    }
  })
}

/** Returns a signal that aborts where {@link untilStopped} resolves. */
export function abortOnStop(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  untilStopped(process).then(() => controller.abort())
  return controller.signal
}
