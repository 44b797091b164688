import { browser, type Database, type DatabaseFactory, type ObjectStore } from '../browser.js'
import { ClientError } from '../client-error.js'
import type { OutboxEntry, OutboxStorage } from './storage.js'

/** The options of {@link createIndexedDbStorage}. */
export interface IndexedDbStorageOptions {
  /** The name of the database. One for each server and each person that signs in. Default: `gitmsg-outbox`. */
  readonly name?: string | undefined
  /** An `IDBFactory`. Default: the global one. */
  readonly indexedDB?: object | undefined
}

const STORE = 'entries'

/**
 * Keeps entries in IndexedDB: they survive a reload, and all tabs share them.
 *
 * @throws {ClientError} `invalid-argument` if there is no IndexedDB
 *
 * @example
 * ```ts
 * const outbox = client.outbox({ storage: createIndexedDbStorage({ name: 'outbox-of-alice' }) })
 * ```
 */
export function createIndexedDbStorage(options: IndexedDbStorageOptions = {}): OutboxStorage {
  const { name = 'gitmsg-outbox', indexedDB = browser.indexedDB } = options
  if (!indexedDB) throw new ClientError('invalid-argument', 'This runtime has no IndexedDB.')
  const factory = indexedDB as DatabaseFactory
  let opened: Promise<Database> | null = null

  /** Opens it again after a failure, and after the browser has closed it. */
  function open(): Promise<Database> {
    opened ??= openDatabase(factory, name, forget).catch((error) => {
      forget()
      throw error
    })
    return opened
  }

  function forget(): void {
    opened = null
  }

  async function run<Result>(
    mode: 'readonly' | 'readwrite',
    act: (store: ObjectStore) => { readonly result: Result; readonly error: unknown },
  ): Promise<Result> {
    const transaction = (await open()).transaction(STORE, mode, { durability: 'strict' })
    const request = act(transaction.objectStore(STORE))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? request.error)
    })
  }

  return {
    sharedName: name,
    load: async () => (await run('readonly', (store) => store.getAll())) as OutboxEntry[],
    async save(entry) {
      await run('readwrite', (store) => store.put(entry))
    },
    async remove(id) {
      await run('readwrite', (store) => store.delete(id))
    },
    async close() {
      const database = await opened?.catch(() => null)
      forget()
      database?.close()
    },
  }
}

function openDatabase(factory: DatabaseFactory, name: string, onClosed: () => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' })
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const database = request.result
      database.onclose = onClosed
      // Another tab deletes or upgrades the database: let it.
      database.onversionchange = () => {
        onClosed()
        database.close()
      }
      resolve(database)
    }
  })
}
