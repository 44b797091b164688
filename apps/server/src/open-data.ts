import { createEngine, type Engine } from '@gitmsg/core'
import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from './config/server-config.js'
import { type BackendOptions, createBackend } from './create-backend.js'
import { createLogger } from './log/create-logger.js'
import { type OpenDatabaseOptions, openDatabase } from './open-database.js'

/** The open database and repository. */
export interface OpenData {
  readonly store: Store
  readonly backend: GitBackend
  /** Closes the backend and the store. */
  close(): Promise<void>
}

/** An {@link OpenData} with an engine on it. `close()` ends the engine first. */
export interface OpenEngine extends OpenData {
  readonly engine: Engine
}

/** Opens the database, and the backend on the repository. Creates the database if it is absent. */
export async function openData(
  config: ServerConfig,
  environment: Environment,
  options: BackendOptions & OpenDatabaseOptions,
): Promise<OpenData> {
  const store = await openDatabase(config, options)
  const backend = await createBackend(config, environment, options).catch(async (error) => {
    await store.close()
    throw error
  })
  return {
    store,
    backend,
    async close() {
      await backend.close()
      await store.close()
    },
  }
}

/**
 * Opens the database and the backend without a log. Creates no database; a server may be using the same data.
 *
 * @throws {Error} if there is no database
 */
export async function openExistingData(
  config: ServerConfig,
  environment: Environment,
  { besideServer = false }: Pick<BackendOptions, 'besideServer'> = {},
): Promise<OpenData> {
  return openData(config, environment, { logger: createLogger('silent'), mustExist: true, besideServer })
}

/**
 * Opens the database and the backend, and starts the engine in this thread.
 *
 * @example
 * ```ts
 * const { engine, close } = await openEngine(config, process.env, { logger: createLogger('info') })
 * console.log(await syncNow(engine))
 * await close()
 * ```
 */
export async function openEngine(
  config: ServerConfig,
  environment: Environment,
  { logger }: { logger: Logger },
): Promise<OpenEngine> {
  const data = await openData(config, environment, { logger, synchronizes: true })
  const { store, backend } = data
  const { fetchIntervalMs: fetchInterval, formatVersion } = config
  const engine = createEngine({ store, backend, logger, fetchInterval, formatVersion })
  return {
    ...data,
    engine,
    async close() {
      await engine.close()
      await data.close()
    },
  }
}
