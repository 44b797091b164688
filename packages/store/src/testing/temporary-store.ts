import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type OpenStoreOptions, openStore } from '../open-store.js'
import type { Store } from '../store.js'

/** A store in a new folder, which is removed when the store is closed. */
export interface TemporaryStore extends Store {
  /** The database file. Another store may open it as long as this one is open. */
  readonly path: string
  /** Opens the same database once more, as another process would. */
  other(): Promise<Store>
}

/**
 * Opens an empty store for one test.
 *
 * @example
 * ```ts
 * it('posts a message', async () => {
 *   await using store = await openTemporaryStore()
 *   await store.createMessage(newMessage({ content: 'Hello' }))
 * })
 * ```
 */
export async function openTemporaryStore(
  options: Omit<OpenStoreOptions, 'path'> = {},
): Promise<TemporaryStore> {
  const folder = createTemporaryFolder()
  const path = join(folder.path, 'gitmsg.db')
  await createDatabase(path)
  const store = await openStore({ ...options, path })

  async function close(): Promise<void> {
    await store.close()
    folder[Symbol.dispose]()
  }
  const other = () => openStore({ ...options, path })
  return { ...store, path, other, close, [Symbol.asyncDispose]: close }
}

let emptyDatabase: Promise<Buffer> | undefined

/** Copies an empty database, which takes a fraction of the time of creating one, and gives it an epoch of its own. */
async function createDatabase(path: string): Promise<void> {
  emptyDatabase ??= readEmptyDatabase()
  writeFileSync(path, await emptyDatabase, { mode: 0o600 })
  const database = new BetterSqlite3(path)
  database.exec('update feed set epoch = lower(hex(randomblob(8)))')
  database.close()
}

async function readEmptyDatabase(): Promise<Buffer> {
  using folder = createTemporaryFolder()
  const path = join(folder.path, 'gitmsg.db')
  await (await openStore({ path })).close()
  return readFileSync(path)
}

/** Creates a folder that is removed at the end of its scope: `using folder = createTemporaryFolder()`. */
export function createTemporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'gitmsg-store-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Returns a path in a new folder that is removed at the end of the test. Creates nothing there. */
export function temporaryPath(name = 'gitmsg.db'): string {
  const folder = createTemporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  return join(folder.path, name)
}
