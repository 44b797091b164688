// The thread that synchronizes, so that the server's thread stays free for requests. It opens a store and a
// backend of its own.
import { workerData } from 'node:worker_threads'
import { serveSynchronizer } from '@gitmsg/core'
import { openData } from '../open-data.js'
import { createReportingLogger, type SyncThreadData, type ThreadReport } from './thread-messages.js'

const { config, environment, reports } = workerData as SyncThreadData
const report = (message: ThreadReport): void => reports.postMessage(message)
const logger = createReportingLogger(config.logLevel, report)
const { store, backend, close } = await openData(config, environment, {
  logger,
  share: 'synchronizer',
  patienceMs: Number.POSITIVE_INFINITY,
  synchronizes: true,
  onEvent: (event) => report({ type: 'backend-event', event }),
})
try {
  const { fetchIntervalMs: fetchInterval, formatVersion } = config
  await serveSynchronizer({ store, backend, logger, fetchInterval, formatVersion })
} finally {
  await close()
}
