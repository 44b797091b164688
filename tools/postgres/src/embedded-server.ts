import { createEmbeddedCluster } from './embedded-cluster.js'

/** A running PostgreSQL. */
export interface RunningServer {
  /** Of its first database; the user may create others. */
  readonly url: string
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** What the tests lose if the machine fails is removed anyway. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
  shared_buffers: '64MB',
}

/**
 * Starts the embedded PostgreSQL with an empty database for tests.
 *
 * @throws {Error} if it does not run on this system
 */
export async function startEmbeddedServer(): Promise<RunningServer> {
  const cluster = await createEmbeddedCluster({ settings: SETTINGS })
  try {
    await cluster.start()
  } catch (error) {
    cluster.remove()
    throw error
  }
  return {
    url: cluster.url,
    async stop() {
      await cluster.stop()
      cluster.remove()
    },
  }
}
