import { once } from 'node:events'
import type { MessagePort, Worker } from 'node:worker_threads'
import type { BackendInfo } from '@gitmsg/git-sync'
import type { Clock, Store } from '@gitmsg/store'
import { type Logger, silentLogger } from '../logger.js'
import type { SyncEvent } from '../sync/sync-event.js'
import type { SyncProgress } from '../sync/progress.js'
import { readSyncStatus, type SyncStatus } from '../sync/status.js'
import { guardObserver, type Synchronizer } from '../sync/synchronizer.js'
import { unlessAborted } from '../sync/unless-aborted.js'
import type { PortReport, PortRequest } from './port-messages.js'

/** What {@link connectSynchronizer} needs. */
export interface ConnectSynchronizerOptions {
  /** The thread in which {@link serveSynchronizer} is called, or the near end of the port that it is given. */
  readonly thread: Worker | MessagePort
  /** This thread's own, on the file of the store over there. */
  readonly store: Store
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Told of everything that the synchronization does. What it throws is logged. */
  readonly onEvent?: (event: SyncEvent) => void
  /** Default: `Date.now`. */
  readonly clock?: Clock
}

const ENDED = { code: 'internal', message: 'The thread that synchronizes has ended by itself.' }

/**
 * The synchronizer that another thread serves, once that has begun; for {@link assembleEngine}. Closing it ends the
 * thread, once that has closed its store and its backend. Where the thread ends unasked nothing is synchronized any
 * more, the status says so, and closing rejects with what the thread threw.
 *
 * @throws what the thread threw before it had begun
 */
export async function connectSynchronizer(options: ConnectSynchronizerOptions): Promise<Synchronizer> {
  const { thread, store, logger = silentLogger, clock = Date.now } = options
  const onEvent = guardObserver(options.onEvent, logger)
  const requests = new Map<number, (status: SyncStatus | null) => void>()
  let progress: SyncProgress | undefined
  let requested = 0
  let posted = 0
  let isClosing = false

  const ask = (asked: PortRequest): void => thread.postMessage(asked)
  const observe = (event: SyncEvent): void => {
    if (event.type === 'progress') progress = event.progress
    onEvent(event)
  }
  const ended = endOf(thread)
  const info = await new Promise<BackendInfo>((resolve, reject) => {
    thread.on('message', (said: PortReport) => {
      if (said.type === 'hello') resolve(said.info)
      if (said.type === 'event') observe(said.event)
      if (said.type === 'synced') requests.get(said.request)?.(said.status)
    })
    ended.then(() => reject(new Error(ENDED.message)), reject)
  })
  /** Resolves at the end of the thread, however that comes. */
  const over = ended
    .catch((error) => logger.error({ err: error }, ENDED.message))
    .then(() => {
      if (isClosing) return
      const last_error = { ...ENDED, at: new Date(clock()).toISOString() }
      observe({ type: 'progress', progress: { state: 'blocked', last_error, retry_at: null } })
    })

  /** The status of the moment in which it had settled or failed over there; `null` where nobody can say. */
  const synchronized = (): Promise<SyncStatus | null> => {
    requested += 1
    const request = requested
    const answered = new Promise<SyncStatus | null>((resolve) => requests.set(request, resolve))
    ask({ type: 'sync', request })
    return Promise.race([answered, over.then(() => null)]).finally(() => requests.delete(request))
  }
  const status = () => readSyncStatus(store, { info }, progress)
  const close = async (): Promise<void> => {
    isClosing = true
    ask({ type: 'close' })
    await ended
  }

  return {
    /** Of many posts in one turn of the event loop the other thread is told once. */
    wake(messages = 1) {
      if (posted === 0) {
        setImmediate(() => {
          ask({ type: 'posted', messages: posted })
          posted = 0
        })
      }
      posted += messages
    },
    async sync({ signal } = {}) {
      return (await unlessAborted(signal, synchronized)) ?? status()
    },
    status,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Resolves when a thread (`exit`) or a port (`close`) has ended; rejects with what the thread threw. */
async function endOf(thread: Worker | MessagePort): Promise<void> {
  const emitter = thread as Worker
  await Promise.race([once(emitter, 'exit'), once(emitter, 'close')])
}
