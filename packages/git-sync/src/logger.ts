/** Where a backend says what it does; a pino logger is one. Nothing secret is ever passed to it. */
export interface Logger {
  /** What only somebody who searches for a fault wants to know. */
  debug(details: object, message: string): void
  /** What happens now and then, and is no fault. */
  info(details: object, message: string): void
  /** What went wrong, and is mended or tried again. */
  warn(details: object, message: string): void
  /** What a person has to look at. */
  error(details: object, message: string): void
}

const nothing = (): void => {}

/** A logger that keeps quiet. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
