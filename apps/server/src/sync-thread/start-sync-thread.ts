import { setTimeout as pause } from 'node:timers/promises'
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

/** How often a thread that could not begin is started again, and after how many milliseconds. */
const MOST_FAILURES = 10
const START_AGAIN = 1_000

/**
 * Starts a thread that opens the database and the backend for itself, and synchronizes. Messages are accepted
 * meanwhile; who asks for the status, or to synchronize, waits until it has begun. Closing ends it. An error that the
 * thread does not expect ends the process, as one of this thread would; but where it cannot even begin (no file
 * descriptor may be left), it is started again for a while.
 */
export function startSyncThread(
  config: ServerConfig,
  environment: Environment,
  { store, logger, countSyncEvent, countBackendEvent }: SyncObserver,
): Synchronizer {
  const task: ThreadTask = { config, environment: { ...environment } }
  let connected: Synchronizer | undefined // before that, the thread finds in the outbox what was posted
  const connecting = connect()
  connecting.catch(endProcess)

  async function connect(): Promise<Synchronizer> {
    for (let failures = 1; ; failures += 1) {
      try {
        const thread = new Worker(new URL('./sync-thread.js', import.meta.url), { workerData: task })
        thread.on('message', listen)
        connected = await connectSynchronizer({ thread, store, logger, onEvent: countSyncEvent })
        thread.on('error', endProcess)
        return connected
      } catch (error) {
        if (failures === MOST_FAILURES) throw error
        logger.error({ err: error, failures }, 'the thread that synchronizes could not begin')
        await pause(START_AGAIN)
      }
    }
  }

  function listen(said: ThreadReport): void {
    if (said.type === 'log') writeForwarded(logger, said)
    if (said.type !== 'backend-event') return
    countBackendEvent(said.event)
    // Damage that the backend found by itself is mended by the next synchronization; the loop says how that went.
    if (said.event === 'damaged') sync().catch(() => {})
  }

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

/** Outside of every promise, where nobody can take it for something else. */
function endProcess(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
