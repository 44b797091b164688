import { join } from 'node:path'
import { createEngine, type Engine, type SyncEvent } from '@gitmsg/core'
import type { BackendEvent, GitBackend } from '@gitmsg/git-sync'
import { openStore, type Store } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from './config/server-config.js'
import { type BackendOptions, createBackend } from './create-backend.js'

/** The database's file in the data directory. */
export const DATABASE_FILE = 'gitmsg.db'

/** What every command stands on. */
export interface OpenData {
  readonly store: Store
  readonly backend: GitBackend
  close(): Promise<void>
}

export interface OpenEngine extends OpenData {
  readonly engine: Engine
}

/** Opens the database, and the backend on the repository. */
export async function openData(
  config: ServerConfig,
  environment: Environment,
  options: BackendOptions,
): Promise<OpenData> {
  const store = await openStore({ path: join(config.dataDirectory, DATABASE_FILE) })
  const backend = await createBackend(config, environment, options)
  return {
    store,
    backend,
    async close() {
      await backend.close()
      await store.close()
    },
  }
}

/** Who is told of what the engine and its backend do. */
export interface EngineObserver {
  readonly logger: Logger
  readonly countSyncEvent?: (event: SyncEvent) => void
  readonly countBackendEvent?: (event: BackendEvent) => void
}

/** Starts the engine on them; closing ends it first. */
export async function openEngine(
  config: ServerConfig,
  environment: Environment,
  { logger, countSyncEvent, countBackendEvent = () => {} }: EngineObserver,
): Promise<OpenEngine> {
  const onBackendEvent = (event: BackendEvent): void => {
    countBackendEvent(event)
    // Damage that the backend found by itself is mended by the next synchronization; the loop says how that went.
    if (event === 'damaged') engine.sync().catch(() => {})
  }
  const data = await openData(config, environment, { logger, rebuildable: true, onEvent: onBackendEvent })
  const { store, backend } = data
  const engine = createEngine({
    store,
    backend,
    logger,
    fetchInterval: config.fetchIntervalMs,
    ...(countSyncEvent && { onEvent: countSyncEvent }),
  })
  return {
    ...data,
    engine,
    async close() {
      await engine.close()
      await data.close()
    },
  }
}
