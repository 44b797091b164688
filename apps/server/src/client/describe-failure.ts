import type { ClientError } from '@gitmsg/client'
import { escapeControls } from '../log/redact.js'

const UNREACHABLE = ['unreachable', 'timed-out']

/** Formats why a call failed, for people: the sentence of the server, or why there was no response. */
export function describeFailure(error: ClientError, url: string): string {
  return escapeControls(describe(error, url).replaceAll('\n', ' '))
}

function describe(error: ClientError, url: string): string {
  const { status, code, field, message, requestId } = error
  if (UNREACHABLE.includes(code)) return `cannot reach ${url}: ${reasonOf(error).message}`
  if (code === 'invalid-argument') return message
  if (status === 0 || code === 'invalid-response') return `${message} (${url})`
  const sentence = field === undefined ? message : `${field}: ${message}`
  return status < 500 || requestId === undefined
    ? `${sentence} (${status} ${code})`
    : `${sentence} (${status} ${code}, request ${requestId})`
}

/** An error of the system or of the HTTP client. */
interface Reason {
  readonly code?: string
  readonly message: string
}

/** The first cause of an error: `fetch` hides the reason behind others. */
export function reasonOf(error: Error): Reason {
  // A name with several addresses fails once for each.
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause
  return cause instanceof Error ? reasonOf(cause) : error
}
