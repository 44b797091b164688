/** How many writes GitHub is asked for at most. Its own limits are 80 a minute and 500 an hour. */
export interface Pace {
  /** Default: 80. */
  readonly perMinute: number
  /** Default: 500. */
  readonly perHour: number
}

export const DEFAULT_PACE: Pace = { perMinute: 80, perHour: 500 }

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Counts writes, and says when there is room for more. */
export interface Pacer {
  /** Milliseconds until so many writes may be sent, one after the other; Infinity: never so many at once. */
  waitFor(writes: number): number
  /** To be told of every write that is sent. */
  count(): void
}

/**
 * A pacer that never lets more through than its pace, in any minute and any hour.
 *
 * The first half of an hour's writes may be spent at once; what is then left is spread until there is more. A
 * service that is never quiet waits for about a minute again and again, not once for most of an hour.
 */
export function createPacer({ perMinute, perHour }: Pace, clock: () => number): Pacer {
  let sent: number[] = []

  /** When the last `limit` writes, with those to come, no longer fall into one span. */
  const waitForWindow = (writes: number, limit: number, span: number, now: number): number => {
    const blocking = sent.at(-(limit - writes) - 1)
    return blocking === undefined ? 0 : Math.max(0, blocking + span - now)
  }

  const waitForSpread = (writes: number, now: number): number => {
    const [oldest = now] = sent
    const left = perHour - sent.length
    if (left < writes || sent.length + writes <= perHour / 2) return 0
    const untilMore = oldest + HOUR - now
    return Math.max(0, (sent.at(-1) ?? now) + (writes * untilMore) / left - now)
  }

  return {
    waitFor(writes) {
      if (writes > Math.min(perMinute, perHour)) return Number.POSITIVE_INFINITY
      const now = clock()
      sent = sent.filter((time) => time > now - HOUR)
      return Math.max(
        waitForWindow(writes, perMinute, MINUTE, now),
        waitForWindow(writes, perHour, HOUR, now),
        waitForSpread(writes, now),
      )
    },
    count() {
      sent.push(clock())
    },
  }
}
