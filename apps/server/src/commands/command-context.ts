import type { Environment, ServerConfig } from '../config/server-config.js'
import type { Paint } from './create-paint.js'
import type { Print } from './create-print.js'

/** What every command gets from the process it runs in. */
export interface CommandContext {
  readonly process: NodeJS.Process
  readonly environment: Environment
  /** @throws {ConfigError} */
  readonly readConfig: () => ServerConfig
  /** Writes on standard output. */
  readonly print: Print
  /** Colours for standard output. */
  readonly paint: Paint
}

/** The option of every command that prints something. */
export interface JsonFlag {
  readonly json?: boolean
}

/** A line of JSON. */
export const toLine = (fields: object): string => `${JSON.stringify(fields)}\n`
