/** Receives a backend's log lines; a pino logger is one. No secret is ever passed to it. */
export interface Logger {
  /** Details for debugging. */
  debug(details: object, message: string): void
  /** Events that are rare but normal. */
  info(details: object, message: string): void
  /** Failures that the backend repairs or retries. */
  warn(details: object, message: string): void
  /** Failures that need a person. */
  error(details: object, message: string): void
}

const discard = (): void => {}

/** A logger that discards everything. */
export const silentLogger: Logger = { debug: discard, info: discard, warn: discard, error: discard }
