import { setTimeout as sleep } from 'node:timers/promises'
import { type SearchIndexProgress, type Store, StoreError } from '@gitmsg/store'
import type { Logger } from '../logger.js'

const RETRY_MS = 10_000

/**
 * Completes the search index of a database that an older version wrote, in the background. After a failure, e.g. of a
 * full disk, it is repeated.
 *
 * @returns a function that stops it
 */
export function startIndexing(
  store: Pick<Store, 'buildSearchIndex'>,
  logger: Logger,
  retryMs = RETRY_MS,
): () => Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const ended = run()

  return async () => {
    controller.abort()
    await ended
  }

  async function run(): Promise<void> {
    while (!signal.aborted && !(await isBuilt())) {
      await sleep(retryMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async function isBuilt(): Promise<boolean> {
    let isNeeded = false
    const onProgress = ({ indexed, until }: SearchIndexProgress) => {
      if (!isNeeded && indexed < until) logger.info({ indexed, until }, 'building the search index')
      isNeeded ||= indexed < until
    }
    try {
      await store.buildSearchIndex({ signal, onProgress })
      if (isNeeded) logger.info({}, 'search index built')
      return true
    } catch (error) {
      const code = error instanceof StoreError ? error.code : 'failed'
      if (code === 'aborted' || code === 'closed') return true
      logger.warn({ code }, 'building the search index failed')
      return false
    }
  }
}
