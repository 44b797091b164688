import type { MessagePort } from 'node:worker_threads'
import type { SyncEvent } from '../sync/sync-event.js'
import { createSynchronizer, type SynchronizerOptions } from '../sync/synchronizer.js'
import type { PortReport, PortRequest } from './port-messages.js'

/** What {@link serveSynchronizer} needs; the events go to the other end of the port. */
export interface ServeSynchronizerOptions extends Omit<SynchronizerOptions, 'onEvent'> {
  /** The other end is for {@link connectSynchronizer}. */
  readonly port: MessagePort
}

/**
 * Synchronizes in this thread for an engine in another, which has a store of its own on the same file. Resolves
 * once that has closed it.
 */
export async function serveSynchronizer({ port, ...options }: ServeSynchronizerOptions): Promise<void> {
  const report = (said: PortReport): void => port.postMessage(said)
  const { name, remote, branch } = options.backend
  report({ type: 'hello', backend: { name, remote, branch } })
  const onEvent = (event: SyncEvent): void => report({ type: 'event', event })
  const synchronizer = createSynchronizer({ ...options, onEvent })
  await new Promise<void>((resolve) => {
    port.on('message', (asked: PortRequest) => {
      if (asked.type === 'posted') synchronizer.wake(asked.messages)
      else if (asked.type === 'close') resolve()
      else {
        const answer = () => report({ type: 'synced', request: asked.request })
        synchronizer.sync().then(answer, answer)
      }
    })
    port.once('close', resolve)
  })
  await synchronizer.close()
  port.close()
}
