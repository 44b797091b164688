import type { Client } from '../client.js'
import { ClientError } from '../client-error.js'
import { isOffline, jitteredDelay, pauseFor } from '../retry.js'
import type { Runtime } from '../runtime.js'
import type { Entries } from './entries.js'
import type { OutboxEntry } from './storage.js'

/** A server remembers an idempotency key for 24 hours; this leaves time for a call and for clocks that differ. */
const KEY_LIFETIME_MS = 23 * 3_600_000

/** Statuses of the 4xx that do not mean that the message is rejected. */
const TEMPORARY_STATUSES = [408, 425, 429]

/** Sends entries, one at a time. */
export interface Delivery {
  /** Sends what waits, until `stop`. */
  run(): Promise<void>
  /** There may be something to send. */
  wake(): void
  stop(): void
}

/** An entry whose message the server has. */
export interface SentEntry {
  /** The entry, which is not in the outbox any more. */
  readonly entry: OutboxEntry
  /** The id of the message on the server; null if it waits for a moderator. */
  readonly message_id: number | null
}

/** What a delivery works with. */
export interface DeliveryOptions {
  readonly entries: Entries
  /** Called at once; `saved` resolves when other tabs can see it too. */
  readonly onSent: (sent: SentEntry, saved: Promise<void>) => void
  readonly onFailed: (entry: OutboxEntry, saved: Promise<void>) => void
  readonly onError: (error: unknown) => void
}

export function createDelivery(
  client: Pick<Client, 'post'>,
  runtime: Runtime,
  { entries, onSent, onFailed, onError }: DeliveryOptions,
): Delivery {
  const { timers } = runtime
  const stopping = new AbortController()
  const { signal } = stopping
  let attempt = 0
  let notify = () => {}
  let isNotified = false

  function wake(): void {
    isNotified = true
    notify()
  }

  /** Resolves when there may be something to send. */
  async function news(): Promise<void> {
    if (!isNotified && !signal.aborted) {
      await new Promise<void>((resolve) => {
        notify = resolve
      })
    }
    isNotified = false
  }

  /** The network's return cuts the delay short, unless the server asked for it. */
  async function waitToRetry(retryAfterMs = 0): Promise<void> {
    const delayMs = Math.max(retryAfterMs, jitteredDelay(attempt, runtime))
    attempt += 1
    await pauseFor(runtime, delayMs, { signal, isWakeable: retryAfterMs === 0 })
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // Saved first: after a crash the next run must know what was sent, and by which key.
      await entries.settled()
      await entries.refresh()
      const next = entries.list().find(({ state }) => state === 'waiting')
      if (signal.aborted) return
      if (next) await deliver(next)
      else await news()
    }
  }

  async function deliver(entry: OutboxEntry): Promise<void> {
    const now = timers.now()
    if (entry.attempted_at !== null && now - entry.attempted_at > KEY_LIFETIME_MS) {
      const text = 'The message may have been stored long ago. Look before you send it again.'
      await fail(entry, new ClientError('outcome-unknown', text))
      return
    }
    if (isOffline()) return waitToRetry()
    const attempted = { ...entry, attempted_at: entry.attempted_at ?? now }
    if (entry.attempted_at === null) await entries.save(attempted)
    try {
      const posted = await client.post(entry.message, { idempotencyKey: entry.key, signal })
      const message_id = posted.status === 'held' ? null : posted.message_id
      attempt = 0
      const saved = entries.remove(entry.id)
      onSent({ entry: attempted, message_id }, saved)
      await saved
    } catch (error) {
      if (signal.aborted) return
      if (isRejection(error)) await fail(attempted, error)
      else {
        onError(error)
        await waitToRetry(error instanceof ClientError ? error.retryAfterMs : undefined)
      }
    }
  }

  async function fail(entry: OutboxEntry, { code, message, status, field }: ClientError): Promise<void> {
    const failed: OutboxEntry = {
      ...entry,
      state: 'failed',
      attempted_at: null,
      error: { code, message, status, ...(field !== undefined && { field }) },
    }
    attempt = 0
    const saved = entries.save(failed)
    onFailed(failed, saved)
    await saved
  }

  function stop(): void {
    stopping.abort()
    wake()
  }

  return { run, wake, stop }
}

/** Whether the server has decided that it does not store the message. */
function isRejection(error: unknown): error is ClientError {
  if (!(error instanceof ClientError)) return false
  const { status, code } = error
  if (code === 'invalid-argument') return true
  // A proxy's page, without an error of the API, is not the server's word.
  const isOfServer = status >= 400 && status < 500 && code !== 'invalid-response'
  return isOfServer && !TEMPORARY_STATUSES.includes(status)
}
