import { createRedactor } from '@gitmsg/git-sync'
import { SECRET_SHAPE } from '../access/access-token.js'

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

/** Every character that a terminal or a log viewer acts on, except the line break that ends the line. */
const ACTIVE_CHARACTER = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
/** A JSON escape. Captures those of control characters, except the line breaks of a stack trace. */
const JSON_ESCAPE = /\\(?:[\\"/]|n(?= {4}at |caused by: )|t|(u[0-9a-f]{4}|[bfnr]))/g

/** Returns a function that redacts `secrets`, in every encoding, and all access tokens in a line. */
export function createLineRedactor(secrets: readonly string[]): (line: string) => string {
  const redact = createRedactor(secrets)
  const accessToken = new RegExp(SECRET_SHAPE, 'g')
  return (line) => redact(line).replaceAll(accessToken, '[redacted]')
}

/** Escapes control characters that JSON leaves as they are. A line of JSON keeps its meaning. */
export function escapeControls(line: string): string {
  return line.replaceAll(ACTIVE_CHARACTER, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Like {@link escapeControls}, for a line of JSON whose strings are decoded before they are shown. */
export function escapeDecodedControls(line: string): string {
  return escapeControls(line).replaceAll(JSON_ESCAPE, (found, control) =>
    control ? `\\\\${control}` : found,
  )
}
