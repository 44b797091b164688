// The thread that synchronizes while another answers people. Its store and its backend are its own.
import { parentPort, workerData } from 'node:worker_threads'
import { serveSynchronizer } from '@gitmsg/core'
import { openData } from '../open-data.js'
import { createForwardingLogger } from './forward-log.js'
import type { ThreadReport, ThreadTask } from './thread-messages.js'

const { config, environment } = workerData as ThreadTask
const report = (said: ThreadReport): void => parentPort?.postMessage(said)
const logger = createForwardingLogger(config.logLevel, report)
const { store, backend, close } = await openData(config, environment, {
  logger,
  rebuildable: true,
  onEvent: (event) => report({ type: 'backend-event', event }),
})
try {
  await serveSynchronizer({ store, backend, logger, fetchInterval: config.fetchIntervalMs })
} finally {
  await close()
}
