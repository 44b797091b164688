import { type MessagePort, parentPort } from 'node:worker_threads'
import type { BackendInfo } from '@gitmsg/git-sync'
import type { SyncEvent } from '../sync/progress.js'
import type { SyncStatus } from '../sync/status.js'
import { createSynchronizer, type SynchronizerOptions } from '../sync/synchronizer.js'

/** What the engine's thread sends to the synchronizer's. */
export type ToSynchronizer =
  /** This many messages were posted. */
  | { readonly type: 'posted'; readonly messages: number }
  /** Import and dispatch now; the reply is `synced` with the same request. */
  | { readonly type: 'sync'; readonly request: number }
  | { readonly type: 'close' }

/** What the synchronizer's thread sends to the engine's; `started` comes first. */
export type FromSynchronizer =
  | { readonly type: 'started'; readonly info: BackendInfo }
  | { readonly type: 'event'; readonly event: SyncEvent }
  /** The status is `null` if it could not be read. */
  | { readonly type: 'synced'; readonly request: number; readonly status: SyncStatus | null }

/** Options of {@link serveSynchronizer}; events go to the other thread. */
export interface ServeSynchronizerOptions extends Omit<SynchronizerOptions, 'onEvent'> {
  /** The far end of the port given to {@link connectSynchronizer}. Default: this worker's own port. */
  readonly port?: MessagePort
}

/**
 * Synchronizes in this thread for an engine in another, which has a store of its own on the same file. Resolves once
 * that engine has closed; close the store and the backend then.
 *
 * @throws {TypeError} for an unknown option
 * @example
 * // worker.js
 * await serveSynchronizer({ store, backend })
 * await backend.close()
 * await store.close()
 */
export async function serveSynchronizer({
  port: givenPort,
  ...options
}: ServeSynchronizerOptions): Promise<void> {
  const port = givenPort ?? parentPort
  if (!port) throw new Error('serveSynchronizer: outside a worker, a port is required')
  const send = (message: FromSynchronizer): void => port.postMessage(message)
  send({ type: 'started', info: options.backend.info })
  const synchronizer = createSynchronizer({ ...options, onEvent: (event) => send({ type: 'event', event }) })

  async function replyToSync(request: number): Promise<void> {
    const status = await synchronizer.sync().catch(() => null)
    send({ type: 'synced', request, status })
  }

  let end = (): void => {}
  const ending = new Promise<void>((resolve) => {
    end = resolve
  })

  function receive(message: ToSynchronizer): void {
    if (message.type === 'posted') synchronizer.wake(message.messages)
    else if (message.type === 'sync') replyToSync(message.request)
    else end()
  }

  port.on('message', receive)
  port.once('close', end)
  await ending
  await synchronizer.close()
  if (givenPort) port.close()
  // Without a listener the worker ends. Its own port cannot be closed under Deno.
  else port.off('message', receive)
}
