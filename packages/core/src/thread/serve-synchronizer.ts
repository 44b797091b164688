import { type MessagePort, parentPort } from 'node:worker_threads'
import type { SyncEvent } from '../sync/sync-event.js'
import type { SyncStatus } from '../sync/status.js'
import { createSynchronizer, type SynchronizerOptions } from '../sync/synchronizer.js'
import type { PortReport, PortRequest } from './port-messages.js'

/** What {@link serveSynchronizer} needs; the events go to the other thread. */
export interface ServeSynchronizerOptions extends Omit<SynchronizerOptions, 'onEvent'> {
  /** The far end of the port that {@link connectSynchronizer} is given. Default: this thread's own, if it is a worker. */
  readonly port?: MessagePort
}

/**
 * Synchronizes in this thread for an engine in another, which has a store of its own on the same file. Resolves
 * once that has closed it; then the store and the backend are to be closed.
 */
export async function serveSynchronizer(options: ServeSynchronizerOptions): Promise<void> {
  const port = options.port ?? parentPort
  if (!port) throw new Error('Only a worker has a port of its own.')
  const report = (said: PortReport): void => port.postMessage(said)
  report({ type: 'hello', info: options.backend.info })
  const onEvent = (event: SyncEvent): void => report({ type: 'event', event })
  const synchronizer = createSynchronizer({ ...options, onEvent })
  await new Promise<void>((resolve) => {
    port.on('message', (asked: PortRequest) => {
      if (asked.type === 'posted') synchronizer.wake(asked.messages)
      else if (asked.type === 'close') resolve()
      else {
        const answer = (status: SyncStatus | null) =>
          report({ type: 'synced', request: asked.request, status })
        synchronizer.sync().then(answer, () => answer(null))
      }
    })
    port.once('close', resolve)
  })
  await synchronizer.close()
  port.close()
}
