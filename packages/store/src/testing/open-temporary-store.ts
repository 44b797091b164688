import { join } from 'node:path'
import { type OpenStoreOptions, openStore } from '../open-store.js'
import type { Store } from '../store.js'
import { createTemporaryFolder } from './temporary-folder.js'

/** A store in a folder of its own, which is removed when the store is closed. */
export interface TemporaryStore extends Store {
  /** The database file: another store may be opened on it meanwhile. */
  readonly path: string
}

/** Opens an empty store for one test: `await using store = await openTemporaryStore()`. */
export async function openTemporaryStore(
  options: Omit<OpenStoreOptions, 'path'> = {},
): Promise<TemporaryStore> {
  const folder = createTemporaryFolder()
  const path = join(folder.path, 'gitmsg.db')
  const store = await openStore({ ...options, path })

  const close = async () => {
    await store.close()
    folder[Symbol.dispose]()
  }
  return { ...store, path, close, [Symbol.asyncDispose]: close }
}
