/** An error as the log shows it. Plain data, so it can be sent to another thread. */
export interface DescribedError {
  readonly type: string
  readonly code?: unknown
  readonly message: string
  readonly stack?: string | undefined
  readonly cause?: DescribedError
}

/**
 * Copies only what every error has. Libraries attach whole requests to their errors, with messages and tokens
 * in them, and those must not reach the log.
 */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown value is not an Error' }
  const { name: type, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return { type, ...code, message, stack, ...(cause instanceof Error && { cause: describeError(cause) }) }
}

/** The inverse of {@link describeError}: an error whose description is `described`. */
export function toError({ type: name, code, message, stack, cause }: DescribedError): Error {
  const error = new Error(message, cause && { cause: toError(cause) })
  return Object.assign(error, { name, stack }, code !== undefined && { code })
}
