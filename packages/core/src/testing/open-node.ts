import { createMemoryBackend, type GitBackend } from '@gitmsg/git-sync'
import { createMemoryRepository, type MemoryRepository } from '@gitmsg/git-sync/memory'
import type { Store, StoredMessage } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { v7 as createUid } from 'uuid'
import { type FormatVersion, LATEST_FORMAT } from '../format/format-file.js'
import { type Logger, silentLogger } from '../logger.js'
import type { MessageInput } from '../messages/message-input.js'
import { createMessageWriter } from '../messages/message-writer.js'
import { createDispatcher } from '../sync/dispatcher.js'
import { createImporter } from '../sync/importer.js'
import { createProgressTracker, type SyncEvent } from '../sync/progress.js'

export interface NodeOptions {
  readonly repository?: MemoryRepository
  /** Puts something between the node and its backend. */
  readonly wrap?: (backend: GitBackend) => GitBackend
  readonly store?: Store
  readonly logger?: Logger
  readonly formatVersion?: FormatVersion
}

/** One server's parts without the loop, so that a test takes each step itself. */
export async function openNode(options: NodeOptions = {}) {
  const {
    repository = createMemoryRepository(),
    wrap = (backend) => backend,
    logger = silentLogger,
    formatVersion = LATEST_FORMAT,
  } = options
  const store = options.store ?? (await openTemporaryStore())
  const backend = wrap(createMemoryBackend({ repository }))
  const signal = new AbortController().signal
  const wake = () => {}
  const { post, edit, remove } = createMessageWriter({
    store,
    clock: Date.now,
    createUid,
    wake,
    formatVersion,
  })
  const tracker = createProgressTracker(Date.now)
  const events: SyncEvent[] = []
  const onEvent = (event: SyncEvent) => void events.push(event)
  const dispatch = createDispatcher({ store, backend, tracker, onEvent, logger, formatVersion })
  const importOnce = createImporter({ store, backend, tracker, onEvent, logger, formatVersion })
  return {
    repository,
    store,
    backend,
    tracker,
    events,
    post: (content: string, fields: Partial<MessageInput> = {}) =>
      post({ content, sender: 'alice', ...fields }),
    edit,
    remove,
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

/** All that is stored, oldest first, without the positions: a restored database has its own order of changes. */
export const everythingIn = async (store: Store): Promise<Omit<StoredMessage, 'position'>[]> =>
  (await store.listMessages({ include: 'all', limit: 1000 }))
    .reverse()
    .map(({ position: _, ...message }) => message)
