import { join } from 'node:path'
import type { GitBackend } from '@gitmsg/git-sync'
import { openStore, type Store } from '@gitmsg/store'
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

/** Opens the database of the data directory; as {@link openStore}. */
export const openDatabase = ({ dataDirectory }: ServerConfig): Promise<Store> =>
  openStore({ path: join(dataDirectory, DATABASE_FILE) })

/** Opens the database, and the backend on the repository. */
export async function openData(
  config: ServerConfig,
  environment: Environment,
  options: BackendOptions,
): Promise<OpenData> {
  const store = await openDatabase(config)
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
