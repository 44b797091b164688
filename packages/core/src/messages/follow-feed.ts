import { setTimeout as sleep } from 'node:timers/promises'
import { type Position, type Store, StoreError } from '@gitmsg/store'
import { readChanges } from './feed.js'
import type { MessageDetails } from './read-messages.js'

/** How often to look for changes. Where the store announces them, they are found at once. */
const POLL_MS = 100
const PAGE = 100

/** Options of `Engine.messages`. */
export interface FollowOptions {
  /** Where to begin; `null`: at the beginning of the feed. Default: now. */
  readonly after?: Position | null | undefined
  /** Ends the iteration: it throws a {@link StoreError} `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** Iterates over the feed without an end: each message that changed, as it is now. See `Engine.messages`. */
export async function* followFeed(
  store: Store,
  { after, signal }: FollowOptions,
): AsyncGenerator<MessageDetails, never, void> {
  const bell = createBell(store, signal)
  try {
    let place = after === undefined ? await store.position() : after
    for (let revision = ''; ; ) {
      assertGoesOn(signal)
      const latest = await store.revision()
      if (latest === revision) {
        await bell.rings()
        continue
      }
      const { messages, ...end } = await readChanges(store, place, { limit: PAGE })
      // A full page may have more behind it.
      if (messages.length < PAGE) revision = latest
      place = end
      for (const message of messages) {
        assertGoesOn(signal)
        yield message
      }
    }
  } finally {
    bell.close()
  }
}

function assertGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StoreError('aborted', 'the iteration was aborted', { cause: signal.reason })
}

/** Rings when the store announces a write, and otherwise after a moment. */
function createBell(store: Store, signal: AbortSignal | undefined) {
  let ringing = new AbortController()
  const ring = () => ringing.abort()
  const stopListening = store.onChange?.(ring)
  signal?.addEventListener('abort', ring)

  return {
    async rings(): Promise<void> {
      await sleep(POLL_MS, undefined, { signal: ringing.signal }).catch(() => {})
      if (!signal?.aborted) ringing = new AbortController()
    },
    close(): void {
      stopListening?.()
      signal?.removeEventListener('abort', ring)
    },
  }
}
