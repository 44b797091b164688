/** How many milliseconds without a sign of life from a remote are too many. */
export interface Timeouts {
  /** For asking where the branch is. Default: 30,000. */
  readonly query: number
  /** For sending and receiving commits. Default: 60,000. */
  readonly transfer: number
}

export const DEFAULT_TIMEOUTS: Timeouts = { query: 30_000, transfer: 60_000 }
