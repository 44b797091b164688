import type { ErrorResponse } from './failure.js'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** How many writes to send at most. GitHub's own limits are 80 a minute and 500 an hour. */
export interface Pace {
  /** Default: 80. */
  readonly perMinute: number
  /** Default: 500. */
  readonly perHour: number
}

export const DEFAULT_PACE: Pace = { perMinute: 80, perHour: 500 }

/** Counts writes and decides when to send more. */
export interface Pacer {
  /**
   * Milliseconds to wait before starting a batch of writes; Infinity if there are more than may ever be sent one after
   * the other. A batch that starts after this wait is never held up by {@link Pacer.waitForNext}, unless it shares its
   * time with another one.
   */
  waitForBatch(writes: number): number
  /** Milliseconds until one more write keeps to the pace. */
  waitForNext(): number
  /** Call for every write that is sent. */
  count(): void
}

/**
 * A pacer that keeps to its pace in any minute and any hour.
 *
 * The first half of an hour's writes may be spent at once; the rest is spread over the time until there are more. So a
 * service that is always busy waits about a minute again and again, instead of once for most of an hour.
 */
export function createPacer({ perMinute, perHour }: Pace, clock: () => number): Pacer {
  let sent: number[] = []

  /** Until the last `limit` writes, including those to come, no longer fall into one span. */
  function waitForWindow(writes: number, { limit, span }: { limit: number; span: number }): number {
    const blocking = sent.at(-(limit - writes) - 1)
    return blocking === undefined ? 0 : Math.max(0, blocking + span - clock())
  }

  const waitForWindows = (writes: number): number =>
    Math.max(
      waitForWindow(writes, { limit: perMinute, span: MINUTE_MS }),
      waitForWindow(writes, { limit: perHour, span: HOUR_MS }),
    )

  function waitForSpread(writes: number): number {
    const now = clock()
    const [oldest = now] = sent
    const left = perHour - sent.length
    if (left < writes || sent.length + writes <= perHour / 2) return 0
    const untilMore = oldest + HOUR_MS - now
    return Math.max(0, (sent.at(-1) ?? now) + (writes * untilMore) / left - now)
  }

  function forgetOld(): void {
    const now = clock()
    sent = sent.filter((time) => time > now - HOUR_MS)
  }

  return {
    waitForBatch(writes) {
      if (writes > Math.min(perMinute, perHour)) return Number.POSITIVE_INFINITY
      forgetOld()
      return Math.max(waitForWindows(writes), waitForSpread(writes))
    },
    waitForNext() {
      forgetOld()
      return waitForWindows(1)
    },
    count() {
      sent.push(clock())
    },
  }
}

/**
 * How many milliseconds GitHub asks to send nothing, or `null` if an error response is not about limits.
 *
 * @param earlier how many responses in a row have asked for a pause without its length; each doubles the minute that
 *   GitHub recommends then
 */
export function requestedWait({ status, message, headers }: ErrorResponse, earlier: number): number | null {
  if (status !== 403 && status !== 429) return null
  const stated = retryAfter(headers) ?? waitUntilReset(headers)
  if (stated !== null) return stated
  if (status === 403 && !/secondary rate|abuse|rate limit/i.test(message)) return null
  return Math.min(MINUTE_MS * 2 ** earlier, HOUR_MS)
}

/** Milliseconds until there are requests left again, or `null` if there are some. */
export function waitUntilReset(headers: ErrorResponse['headers']): number | null {
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) !== '0' || !(reset > 0)) return null
  return Math.max(SECOND_MS, reset * SECOND_MS - serverTime(headers) + SECOND_MS)
}

/** In seconds, or a date. */
function retryAfter(headers: ErrorResponse['headers']): number | null {
  const text = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(text)) return Math.max(SECOND_MS, Number(text) * SECOND_MS)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(SECOND_MS, date - serverTime(headers))
}

/** GitHub's own time, so that a wrong local clock does not matter. */
function serverTime(headers: ErrorResponse['headers']): number {
  const date = Date.parse(String(headers.date ?? ''))
  return Number.isNaN(date) ? Date.now() : date
}
