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
 * Starts a thread that opens the database and the backend for itself, and synchronizes; closing ends it. An error
 * that it does not expect ends the process, as one of this thread would.
 *
 * @throws what opening them threw
 */
export async function startSyncThread(
  config: ServerConfig,
  environment: Environment,
  { store, logger, countSyncEvent, countBackendEvent }: SyncObserver,
): Promise<Synchronizer> {
  const task: ThreadTask = { config, environment: { ...environment } }
  const thread = new Worker(new URL('./sync-thread.js', import.meta.url), { workerData: task })
  thread.on('message', (said: ThreadReport) => {
    if (said.type === 'log') writeForwarded(logger, said)
    if (said.type === 'backend-event') observe(said.event)
  })
  const observe = (event: BackendEvent): void => {
    countBackendEvent(event)
    // Damage that the backend found by itself is mended by the next synchronization; the loop says how that went.
    if (event === 'damaged') synchronizer.sync().catch(() => {})
  }

  const synchronizer = await connectSynchronizer({ thread, store, logger, onEvent: countSyncEvent })
  thread.once('error', (error) => {
    throw error
  })
  return synchronizer
}
