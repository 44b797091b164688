import { setTimeout as pause } from 'node:timers/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
import { connectSynchronizer, type SyncEvent, type Synchronizer } from '@gitmsg/core'
import type { BackendEvent } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from '../config/server-config.js'
import { type SyncThreadData, type ThreadReport, writeReportedLine } from './thread-messages.js'

/** What {@link startSyncThread} needs from the server's thread. */
export interface SyncThreadOptions {
  /** Open already. The sync thread opens the same database. */
  readonly store: Store
  readonly logger: Logger
  readonly countSyncEvent: (event: SyncEvent) => void
  readonly countBackendEvent: (event: BackendEvent) => void
}

const MAX_START_ATTEMPTS = 10
const START_RETRY_MS = 1_000
/** Of the thread's memory for new objects: a quarter of V8's default, which would only be filled with garbage. */
const YOUNG_GENERATION_MB = 12

/**
 * Starts a thread that synchronizes with a store and a backend of its own. Messages are accepted while it starts;
 * `sync()` and `status()` wait until it runs. Closing the synchronizer ends the thread.
 *
 * A thread that fails to start (the process may be out of file descriptors) is started again every second. After
 * {@link MAX_START_ATTEMPTS} attempts, or when a running thread throws, the error ends the process.
 */
export function startSyncThread(
  config: ServerConfig,
  environment: Environment,
  { store, logger, countSyncEvent, countBackendEvent }: SyncThreadOptions,
): Synchronizer {
  // Undefined while the thread starts, when it needs no wake-up: it begins with what is in the outbox.
  let connected: Synchronizer | undefined
  let starting: Worker | undefined
  let isClosing = false
  const connecting = startWithRetries()
  connecting.catch((error) => isClosing || endProcess(error))

  async function startWithRetries(): Promise<Synchronizer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        connected = await start()
        return connected
      } catch (error) {
        if (attempt === MAX_START_ATTEMPTS || isClosing) throw error
        logger.error({ err: error, attempt }, 'the sync thread failed to start')
        await pause(START_RETRY_MS)
      }
    }
  }

  async function start(): Promise<Synchronizer> {
    if (isClosing) throw new Error('the server stops')
    const { port1: incoming, port2: reports } = new MessageChannel()
    incoming.on('message', handleReport)
    try {
      const workerData: SyncThreadData = { config, environment: { ...environment }, reports }
      const url = new URL('./sync-thread.js', import.meta.url)
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB }
      const thread = new Worker(url, { workerData, transferList: [reports], resourceLimits })
      starting = thread
      const synchronizer = await connectSynchronizer({ thread, store, logger, onEvent: countSyncEvent })
      thread.on('error', endProcess)
      return synchronizer
    } catch (error) {
      incoming.unref() // still delivers what the thread reported, but keeps no process alive
      throw error
    }
  }

  function handleReport(report: ThreadReport): void {
    if (report.type === 'log') writeReportedLine(logger, report)
    else handleBackendEvent(report.event)
  }

  function handleBackendEvent(event: BackendEvent): void {
    countBackendEvent(event)
    // A synchronization repairs the damage. The sync loop logs and counts its outcome.
    if (event === 'damaged') sync().catch(() => {})
  }

  const sync: Synchronizer['sync'] = async (options) => (await connecting).sync(options)

  async function close(): Promise<void> {
    isClosing = true
    if (connected) return connected.close()
    // It may be waiting for the database, and has not begun to synchronize.
    await starting?.terminate()
    await connecting.catch(() => {})
  }

  return {
    wake: (messages) => connected?.wake(messages),
    sync,
    status: async () => (await connecting).status(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Throws outside of every promise, where no handler can catch the error. */
function endProcess(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
