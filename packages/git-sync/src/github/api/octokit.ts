import type { Logger } from '../../logger.js'
import { createRedactor, redactUnknown } from '../../redact.js'

/**
 * The part of an Octokit that is used: one of `@octokit/core`, `@octokit/rest` or `octokit` fits. Their own type is
 * not used here, because CommonJS projects cannot read its declarations.
 */
export interface OctokitLike {
  /** Sends one request. */
  readonly request: {
    (route: string, parameters?: Record<string, unknown>): Promise<OctokitResponse>
    /** Its defaults have the address of the API. */
    readonly endpoint: { readonly DEFAULTS: { readonly baseUrl: string } }
  }
}

/** The response to a request of an Octokit. */
export interface OctokitResponse {
  /** HTTP status. */
  readonly status: number
  /** The parsed body. */
  readonly data: unknown
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** Makes a text from outside fit for an error or a log. */
export type Sanitize = (text: string) => string

const MAX_CHARACTERS = 500

/**
 * A function that removes secrets and control characters from a text and cuts it to 500 characters. It also removes
 * what looks like a secret, because the tokens of an auth strategy or of the caller's Octokit are not known here.
 */
export function createSanitizer(token: string | undefined): Sanitize {
  const redact = createRedactor(token === undefined ? [] : [token])
  return (text) =>
    redactUnknown(redact(text))
      .replace(/\p{Cc}+/gu, ' ')
      .slice(0, MAX_CHARACTERS)
}

/** The log of an Octokit. */
export interface OctokitLog {
  debug(): void
  info(): void
  warn(text: string): void
  error(): void
}

const discard = (): void => {}

/**
 * An Octokit's log that forwards only warnings (a deprecated endpoint, clocks that differ), which contain text from
 * outside. Failures are thrown as well, and every response is logged where it is read.
 */
export const createOctokitLog = (logger: Logger, sanitize: Sanitize): OctokitLog => ({
  debug: discard,
  info: discard,
  warn: (text) => logger.debug({ text: sanitize(String(text)) }, 'warning from Octokit'),
  error: discard,
})
