import type { Store } from '@gitmsg/store'

const MAX_RESPONSES = 32

/** Resolves with the cached response of a key, or with a new one from `create`. */
export type ResponseCache<Value> = (key: string, create: () => Promise<Value>) => Promise<Value>

/**
 * Caches responses until anything is written to the database, by any process. Concurrent requests for the same
 * key share one response. One that could not be created is not cached.
 *
 * @param isCacheable whether a response is worth its memory
 */
export function createResponseCache<Value>(
  store: Pick<Store, 'revision'>,
  isCacheable: (response: Value) => boolean,
): ResponseCache<Value> {
  const cache = new Map<string, Promise<Value>>()
  let cachedRevision = ''

  return async function getOrCreate(key, create) {
    // Read before the response is created, which is then of this revision or of a later one.
    const revision = await store.revision()
    if (revision !== cachedRevision) cache.clear()
    cachedRevision = revision
    return cache.get(key) ?? add(key, create())
  }

  async function add(key: string, creating: Promise<Value>): Promise<Value> {
    const [oldest] = cache.keys()
    if (cache.size === MAX_RESPONSES && oldest !== undefined) cache.delete(oldest)
    cache.set(key, creating)
    let keep = false
    try {
      const response = await creating
      keep = isCacheable(response)
      return response
    } finally {
      if (!keep && cache.get(key) === creating) cache.delete(key)
    }
  }
}
