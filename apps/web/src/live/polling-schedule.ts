/** What decides when to look again. */
interface Circumstances {
  /** Failed rounds in a row. */
  readonly failures: number
  readonly pending: boolean
  readonly visible: boolean
}

const LONGEST_BACKOFF = 15_000

/** Milliseconds until the next look at the server: often while somebody watches, patiently while it is down. */
export function nextDelay({ failures, pending, visible }: Circumstances): number {
  if (failures > 0) return Math.min(1000 * 2 ** (failures - 1), LONGEST_BACKOFF)
  if (!visible) return 10_000
  return pending ? 1000 : 2000
}
