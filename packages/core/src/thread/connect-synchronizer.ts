import { once } from 'node:events'
import type { MessagePort, Worker } from 'node:worker_threads'
import type { BackendInfo } from '@gitmsg/git-sync'
import type { Clock, Store } from '@gitmsg/store'
import { assertKnownOptions } from '../known-options.js'
import { type Logger, silentLogger } from '../logger.js'
import type { SyncEvent, SyncProgress } from '../sync/progress.js'
import { readSyncStatus, type SyncStatus } from '../sync/status.js'
import { guardObserver, type Synchronizer, untilAborted } from '../sync/synchronizer.js'
import type { FromSynchronizer, ToSynchronizer } from './serve-synchronizer.js'

/** Options of {@link connectSynchronizer}. */
export interface ConnectSynchronizerOptions {
  /** The thread that calls {@link serveSynchronizer}, or the near end of the port it was given. */
  readonly thread: Worker | MessagePort
  /** This thread's own store, on the same file as the store over there. */
  readonly store: Store
  /** Default: silent. */
  readonly logger?: Logger
  /** Called with everything the synchronization does. What it throws is logged. */
  readonly onEvent?: (event: SyncEvent) => void
  /** Default: `Date.now`. */
  readonly clock?: Clock
}

const CONNECT_OPTIONS = {
  thread: true,
  store: true,
  logger: true,
  onEvent: true,
  clock: true,
} satisfies Record<keyof ConnectSynchronizerOptions, true>

const ENDED = { code: 'internal', message: 'the synchronizer thread ended unexpectedly' }

/**
 * Connects to the synchronizer of another thread, once it has started; pass it to {@link assembleEngine}. Closing it
 * ends the thread, after that has closed its store and its backend. If the thread ends unexpectedly, nothing is
 * synchronized any more, the status reports it, and closing rejects with what the thread threw.
 *
 * @throws what the thread threw before it had started
 * @throws {TypeError} for an unknown option
 * @example
 * const synchronizer = await connectSynchronizer({ thread: new Worker('./worker.js'), store })
 * const engine = assembleEngine({ store, synchronizer })
 */
export async function connectSynchronizer(options: ConnectSynchronizerOptions): Promise<Synchronizer> {
  assertKnownOptions('connectSynchronizer', options, CONNECT_OPTIONS)
  const { thread, store, logger = silentLogger, clock = Date.now } = options
  const onEvent = guardObserver(options.onEvent, logger)
  const requests = new Map<number, (status: SyncStatus | null) => void>()
  let progress: SyncProgress | undefined
  let requested = 0
  let posted = 0
  let isClosing = false

  const send = (message: ToSynchronizer): void => thread.postMessage(message)
  const ended = endOf(thread)
  const info = await new Promise<BackendInfo>((resolve, reject) => {
    thread.on('message', (message: FromSynchronizer) => {
      if (message.type === 'started') resolve(message.info)
      if (message.type === 'event') observe(message.event)
      if (message.type === 'synced') requests.get(message.request)?.(message.status)
    })
    ended.then(() => reject(new Error(ENDED.message)), reject)
  })
  /** Resolves when the thread has ended, for whatever reason. */
  const over = ended.catch((error) => logger.error({ err: error }, ENDED.message)).then(reportEnd)

  return { wake, sync, status, close, [Symbol.asyncDispose]: close }

  function observe(event: SyncEvent): void {
    if (event.type === 'progress') progress = event.progress
    onEvent(event)
  }

  function reportEnd(): void {
    if (isClosing) return
    const last_error = { ...ENDED, at: new Date(clock()).toISOString() }
    observe({ type: 'progress', progress: { state: 'blocked', last_error, retry_at: null } })
  }

  /** Tells the other thread once about all posts of one turn of the event loop. */
  function wake(messages = 1): void {
    if (posted === 0) setImmediate(announcePosts)
    posted += messages
  }

  function announcePosts(): void {
    send({ type: 'posted', messages: posted })
    posted = 0
  }

  async function sync({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<SyncStatus> {
    return (await untilAborted(signal, requestSync)) ?? status()
  }

  /** Resolves with the status over there at the moment the work was done or had failed; `null` if it is unknown. */
  function requestSync(): Promise<SyncStatus | null> {
    requested += 1
    const request = requested
    const synced = new Promise<SyncStatus | null>((resolve) => requests.set(request, resolve))
    send({ type: 'sync', request })
    return Promise.race([synced, over.then(() => null)]).finally(() => requests.delete(request))
  }

  function status(): Promise<SyncStatus> {
    return readSyncStatus(store, { info }, progress)
  }

  async function close(): Promise<void> {
    isClosing = true
    send({ type: 'close' })
    await ended
  }
}

/** Resolves when a thread (`exit`) or a port (`close`) has ended; rejects with what the thread threw. */
async function endOf(thread: Worker | MessagePort): Promise<void> {
  const emitter = thread as Worker
  await Promise.race([once(emitter, 'exit'), once(emitter, 'close')])
}
