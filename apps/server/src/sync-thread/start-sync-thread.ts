import { Worker } from 'node:worker_threads'
import { connectSynchronizer, type SyncEvent, type Synchronizer } from '@gitmsg/core'
import type { BackendEvent } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from '../config/server-config.js'
import { writeForwarded } from './forward-log.js'
import type { ThreadReport, ThreadTask } from './thread-messages.js'

/** Who is told of what the thread does. */
export interface SyncObserver {
  /** This thread's own, open already: the other one opens the same file. */
  readonly store: Store
  readonly logger: Logger
  readonly countSyncEvent: (event: SyncEvent) => void
  readonly countBackendEvent: (event: BackendEvent) => void
}

/**
 * Starts a thread that opens the database and the backend for itself, and synchronizes. Messages are accepted
 * meanwhile; who asks for the status, or to synchronize, waits until it has begun. Closing ends it. An error that the
 * thread does not expect ends the process, as one of this thread would.
 */
export function startSyncThread(
  config: ServerConfig,
  environment: Environment,
  { store, logger, countSyncEvent, countBackendEvent }: SyncObserver,
): Synchronizer {
  const task: ThreadTask = { config, environment: { ...environment } }
  const thread = new Worker(new URL('./sync-thread.js', import.meta.url), { workerData: task })
  thread.on('error', (error) => {
    throw error
  })
  thread.on('message', (said: ThreadReport) => {
    if (said.type === 'log') writeForwarded(logger, said)
    if (said.type === 'backend-event') observe(said.event)
  })
  const observe = (event: BackendEvent): void => {
    countBackendEvent(event)
    // Damage that the backend found by itself is mended by the next synchronization; the loop says how that went.
    if (event === 'damaged') sync().catch(() => {})
  }

  const connecting = connectSynchronizer({ thread, store, logger, onEvent: countSyncEvent })
  let connected: Synchronizer | undefined // before that, the thread finds in the outbox what was posted
  connecting.then(
    (synchronizer) => {
      connected = synchronizer
    },
    () => {}, // the error that the thread threw ends the process
  )
  const sync: Synchronizer['sync'] = async (options) => (await connecting).sync(options)
  const close = async (): Promise<void> => (await connecting).close()
  return {
    wake: (messages) => connected?.wake(messages),
    sync,
    status: async () => (await connecting).status(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
