/** How many milliseconds one answer is waited for. GitHub itself gives up after ten seconds. */
export interface Timeouts {
  /** For reading. Default: 20,000. */
  readonly read: number
  /** For writing. Default: 30,000. */
  readonly write: number
}

export const DEFAULT_TIMEOUTS: Timeouts = { read: 20_000, write: 30_000 }
