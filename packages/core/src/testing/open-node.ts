import { createMemoryBackend, type GitBackend } from '@gitmsg/git-sync'
import { createMemoryRepository, type MemoryRepository } from '@gitmsg/git-sync/memory'
import type { Store } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { v7 as createUid } from 'uuid'
import { type Logger, silentLogger } from '../logger.js'
import { createPostMessage } from '../messages/post-message.js'
import { createDispatcher } from '../sync/dispatcher.js'
import { createImporter } from '../sync/importer.js'
import { createProgressTracker, type SyncEvent } from '../sync/progress.js'

export interface NodeOptions {
  readonly repository?: MemoryRepository
  /** Puts something between the node and its backend. */
  readonly wrap?: (backend: GitBackend) => GitBackend
  readonly store?: Store
  readonly logger?: Logger
}

/** One server's parts without the loop, so that a test takes each step itself. */
export async function openNode(options: NodeOptions = {}) {
  const {
    repository = createMemoryRepository(),
    wrap = (backend) => backend,
    logger = silentLogger,
  } = options
  const store = options.store ?? (await openTemporaryStore())
  const backend = wrap(createMemoryBackend({ repository }))
  const signal = new AbortController().signal
  const postMessage = createPostMessage({ store, clock: Date.now, createUid, wake: () => {} })
  const tracker = createProgressTracker(Date.now)
  const events: SyncEvent[] = []
  const onEvent = (event: SyncEvent) => void events.push(event)
  const dispatch = createDispatcher({ store, backend, tracker, onEvent, logger })
  const importOnce = createImporter({ store, backend, tracker, onEvent, logger })
  return {
    repository,
    store,
    backend,
    tracker,
    events,
    post: (content: string, sender = 'alice') => postMessage({ content, sender }),
    dispatchOnce: () => dispatch(signal),
    importOnce: () => importOnce(signal),
    contents: async () => (await store.listMessages()).map(({ content }) => content).reverse(),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** Every commit of the branch. */
export async function historyOf(backend: GitBackend) {
  const commits = []
  for await (const commit of backend.changesSince(null)) commits.push(commit)
  return commits
}
