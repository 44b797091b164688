/** An error as the log shows it. */
export interface DescribedError {
  readonly type: string
  readonly code?: unknown
  readonly message: string
  readonly stack?: string | undefined
  readonly cause?: DescribedError
}

/** Only what every error has: libraries hang whole requests on theirs, with messages and tokens in them. */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'no error was thrown' }
  const { name: type, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return { type, ...code, message, stack, ...(cause instanceof Error && { cause: describeError(cause) }) }
}

/** An error that a log shows as it was described. */
export function toError({ type: name, code, message, stack, cause }: DescribedError): Error {
  const error = new Error(message, cause && { cause: toError(cause) })
  return Object.assign(error, { name, stack }, code !== undefined && { code })
}
