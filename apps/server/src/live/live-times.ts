/** How long a live connection waits for what, in milliseconds. */
export interface LiveTimes {
  /** For the first frame of a client. */
  readonly helloMs: number
  /** Until the next frame and the next ping. */
  readonly heartbeatMs: number
  /** For any sign of life, which pings ask for. */
  readonly silenceMs: number
  /** For a client to read what was sent. */
  readonly slowMs: number
  /** For a client that was too slow to read the close frame. */
  readonly slowCloseMs: number
  /** For any other client to do so. */
  readonly closeMs: number
  /** Between two looks at all of the above. */
  readonly sweepMs: number
  /** To gather changes for one frame. */
  readonly gatherMs: number
  /** Between two looks for changes by other processes. */
  readonly pollMs: number
}

export const LIVE_TIMES: LiveTimes = {
  helloMs: 5_000,
  heartbeatMs: 25_000,
  silenceMs: 60_000,
  slowMs: 30_000,
  slowCloseMs: 20_000,
  closeMs: 2_000,
  sweepMs: 1_000,
  gatherMs: 50,
  pollMs: 100,
}
