import { browser } from './browser.js'
import type { Runtime } from './runtime.js'

const BASE_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000

/** Full jitter: a random delay below a limit that doubles with each attempt, so that clients do not come in waves. */
export function jitteredDelay(attempt: number, { random }: Pick<Runtime, 'random'>): number {
  return random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt)
}

/** A timer that can be cancelled. */
export interface Pause {
  /** When it is over, in the client's time. */
  readonly until: number
  /** Ends it without calling back. */
  cancel(): void
}

/** Calls back after a delay. */
export function startPause({ timers }: Pick<Runtime, 'timers'>, delayMs: number, done: () => void): Pause {
  const handle = timers.setTimeout(done, delayMs)
  return { until: timers.now() + delayMs, cancel: () => timers.clearTimeout(handle) }
}

/** What ends a pause early. */
export interface PauseOptions {
  readonly signal: AbortSignal
  /** Whether the return of the network does. Default: false. */
  readonly isWakeable?: boolean
}

/** Resolves after a delay, or when the signal aborts. */
export function pauseFor(
  runtime: Pick<Runtime, 'timers'>,
  delayMs: number,
  { signal, isWakeable = false }: PauseOptions,
): Promise<void> {
  return new Promise((resolve) => {
    const { cancel } = startPause(runtime, delayMs, end)
    const stopWatching = isWakeable ? onWake(end) : () => {}
    signal.addEventListener('abort', end)
    function end(): void {
      cancel()
      stopWatching()
      signal.removeEventListener('abort', end)
      resolve()
    }
    if (signal.aborted) end()
  })
}

/** Whether a browser knows that there is no network. */
export const isOffline = (): boolean => browser.navigator?.onLine === false

/** Why a connection may be possible again, or be dead without notice: the network is back, the page is seen again. */
export type WakeReason = 'online' | 'visible'

/** Calls back when that happens in a browser; elsewhere never. Returns what stops it. */
export function onWake(listener: (reason: WakeReason) => void): () => void {
  const { document } = browser
  const online = () => listener('online')
  const shown = (event: { readonly persisted?: boolean }) => {
    // A page out of the back/forward cache has lost its connections.
    listener(event.persisted ? 'online' : 'visible')
  }
  const visible = () => {
    if (document?.visibilityState === 'visible') listener('visible')
  }
  browser.addEventListener?.('online', online)
  browser.addEventListener?.('pageshow', shown)
  document?.addEventListener('visibilitychange', visible)
  return () => {
    browser.removeEventListener?.('online', online)
    browser.removeEventListener?.('pageshow', shown)
    document?.removeEventListener('visibilitychange', visible)
  }
}
