/** Where a backend says what it does; a pino logger is one. Nothing secret is ever passed to it. */
export interface Logger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

const nothing = (): void => {}

/** A logger that keeps quiet. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
