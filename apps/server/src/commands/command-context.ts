import type { Environment, ServerConfig } from '../config/server-config.js'

/** What every command gets from the process it runs in. */
export interface CommandContext {
  readonly process: NodeJS.Process
  readonly environment: Environment
  /** @throws {ConfigError} */
  readonly readConfig: () => ServerConfig
}
