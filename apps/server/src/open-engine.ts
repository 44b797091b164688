import { join } from 'node:path'
import { createEngine, type Engine } from '@gitmsg/core'
import type { GitBackend } from '@gitmsg/git-sync'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore, type Store } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from './config/server-config.js'

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
  logger: Logger,
): Promise<OpenData> {
  const { branch, remote, token } = config.backend
  const store = await openStore({ path: join(config.dataDirectory, DATABASE_FILE) })
  const directory = join(config.dataDirectory, 'repository.git')
  // The database holds every message, so the engine can make the repository again, commit for commit.
  const rebuildable = true
  const backend = createLocalBackend({ directory, branch, remote, token, environment, logger, rebuildable })
  return {
    store,
    backend,
    async close() {
      await backend.close()
      await store.close()
    },
  }
}

/** Starts the engine on them; closing ends it first. */
export async function openEngine(
  config: ServerConfig,
  environment: Environment,
  logger: Logger,
): Promise<OpenEngine> {
  const data = await openData(config, environment, logger)
  const { store, backend } = data
  const engine = createEngine({ store, backend, logger, fetchInterval: config.fetchIntervalMs })
  return {
    ...data,
    engine,
    async close() {
      await engine.close()
      await data.close()
    },
  }
}
