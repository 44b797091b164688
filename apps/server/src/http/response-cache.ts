import type { Position, Store } from '@gitmsg/store'

const MAX_RESPONSES = 32

/**
 * Resolves with the cached response of a key, or with a new one from `create`, which gets a position that is not later
 * than the response. When `signal` has aborted for every request that waits for a response, so does the signal with
 * which it is created.
 */
export type ResponseCache<Value> = (key: string, create: Create<Value>, signal: AbortSignal) => Promise<Value>

type Create<Value> = (position: Position, signal: AbortSignal) => Promise<Value>

interface Entry<Value> {
  readonly response: Promise<Value>
  readonly controller: AbortController
  /** How many requests wait for the response. */
  waiting: number
}

/**
 * Caches responses until anything is written to the database, by any process. Concurrent requests for the same
 * key share one response. One that could not be created is not cached.
 *
 * @param isCacheable whether a response is worth its memory
 */
export function createResponseCache<Value>(
  store: Pick<Store, 'revision' | 'position'>,
  isCacheable: (response: Value) => boolean,
): ResponseCache<Value> {
  const cache = new Map<string, Entry<Value>>()
  let cachedRevision = ''

  return async function getOrCreate(key, create, signal) {
    // Read before the response is created, which is then of this revision or of a later one.
    const [revision, position] = await Promise.all([store.revision(), store.position()])
    if (revision !== cachedRevision) cache.clear()
    cachedRevision = revision
    const entry = cache.get(key) ?? add(key, (ownSignal) => create(position, ownSignal))
    return waitFor(entry, () => remove(key, entry), signal)
  }

  function add(key: string, create: (signal: AbortSignal) => Promise<Value>): Entry<Value> {
    const [oldest] = cache.keys()
    if (cache.size === MAX_RESPONSES && oldest !== undefined) cache.delete(oldest)
    const controller = new AbortController()
    const entry = { response: create(controller.signal), controller, waiting: 0 }
    cache.set(key, entry)
    entry.response.then(
      (response) => isCacheable(response) || remove(key, entry),
      () => remove(key, entry),
    )
    return entry
  }

  function remove(key: string, entry: Entry<Value>): void {
    if (cache.get(key) === entry) cache.delete(key)
  }
}

async function waitFor<Value>(entry: Entry<Value>, remove: () => void, signal: AbortSignal): Promise<Value> {
  function leave(): void {
    entry.waiting -= 1
    if (entry.waiting > 0) return
    // A later request for the same response needs another one.
    remove()
    entry.controller.abort()
  }

  entry.waiting += 1
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  try {
    return await entry.response
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
