import type { Environment, ServerConfig } from '../config/server-config.js'
import type { Paint, Print } from './output.js'

/** What every command gets from the process that it runs in. */
export interface CommandContext {
  readonly process: NodeJS.Process
  readonly environment: Environment
  /** @throws {ConfigError} */
  readonly readConfig: () => ServerConfig
  /** Writes to standard output. */
  readonly print: Print
  /** Colours texts for standard output. */
  readonly paint: Paint
}

/** The option of every command that prints something. */
export interface JsonFlag {
  readonly json?: boolean
}
