import type { Refusal } from './refusal.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * How many milliseconds GitHub tells us to ask for nothing, or `null` when a refusal is not about limits.
 *
 * @param earlier how often in a row it has said so without saying how long; each time doubles the minute that
 *   GitHub then recommends
 */
export function waitAskedFor({ status, message, headers }: Refusal, earlier: number): number | null {
  if (status !== 403 && status !== 429) return null
  const told = retryAfter(headers) ?? untilReset(headers)
  if (told !== null) return told
  if (status === 403 && !/secondary rate|abuse|rate limit/i.test(message)) return null
  return Math.min(MINUTE * 2 ** earlier, HOUR)
}

/** How many milliseconds there are no requests left, or `null` while there are. */
export function untilReset(headers: Refusal['headers']): number | null {
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) !== '0' || !(reset > 0)) return null
  return Math.max(SECOND, reset * SECOND - serverTime(headers) + SECOND)
}

/** Seconds, or a date. */
function retryAfter(headers: Refusal['headers']): number | null {
  const text = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(text)) return Math.max(SECOND, Number(text) * SECOND)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(SECOND, date - serverTime(headers))
}

/** GitHub's own time, so that it does not matter what our clock says. */
function serverTime(headers: Refusal['headers']): number {
  const date = Date.parse(String(headers.date ?? ''))
  return Number.isNaN(date) ? Date.now() : date
}
