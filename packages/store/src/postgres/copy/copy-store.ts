import { existsSync } from 'node:fs'
import { checkOptions, invalid } from '../../arguments.js'
import { StoreError, toStoreError as toSqliteError } from '../../store-error.js'
import type { SyncLock } from '../../synchronization.js'
import { toStoreError } from '../postgres-error.js'
import type { CopyEnd, CopyWriter } from './copy-end.js'
import { openPostgresEnd } from './postgres-end.js'
import { readAll } from './read-all.js'

/** Where a database is: the path of a SQLite file, or PostgreSQL; `schema` is `gitmsg` by default. */
export type StoreLocation = { readonly path: string } | { readonly url: string; readonly schema?: string }

/** Options of {@link copyStore}. */
export interface CopyStoreOptions {
  /** A database on which no server runs. */
  readonly from: StoreLocation
  /** A database without messages; created if it is missing. */
  readonly to: StoreLocation
  /** Ends the copying: it rejects with `aborted`, and nothing is copied. */
  readonly signal?: AbortSignal | undefined
  /** Called now and then with how many messages are copied. */
  readonly onProgress?: (messages: number) => void
  /** Called once everything is copied and compared: if it rejects, nothing is. */
  readonly beforeCommit?: (() => Promise<void>) | undefined
}

/** What {@link copyStore} has copied. */
export interface CopiedStore {
  /** How many messages, with those that are deleted. */
  readonly messages: number
  /** How many versions before the current ones. */
  readonly versions: number
  /** How many changes were in the outbox. */
  readonly changes: number
  /** How many keys of requests. */
  readonly idempotencyKeys: number
  /** SHA-256 of all that was copied, in hexadecimal. It was found in both databases. */
  readonly digest: string
}

const KNOWN_OPTIONS = {
  from: true,
  to: true,
  signal: true,
  onProgress: true,
  beforeCommit: true,
} satisfies Record<keyof CopyStoreOptions, true>

/**
 * Copies a database from one engine to the other, in one transaction: messages with their ids and positions, versions,
 * outbox, cursor and idempotency keys. It is read again before it is committed, and compared by a digest. The search
 * index is not copied: {@link Store.buildSearchIndex} builds it.
 *
 * No server may be running on either. The copy goes on with the order of positions, so that clients miss nothing, and
 * the order of the original gets another name: its epoch is renewed.
 *
 * @throws StoreError `not-a-store` (also if there is no file to copy from), `not-empty`, `busy` (a server is running, or
 *   writes), `aborted`, `failed`, and as {@link openPostgresStore} and `openStore` do
 *
 * @example
 * ```ts
 * const { messages } = await copyStore({ from: { path: 'gitmsg.db' }, to: { url: 'postgres://db.internal/gitmsg' } })
 * ```
 */
export async function copyStore(options: CopyStoreOptions): Promise<CopiedStore> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    for (const location of [options.from, options.to]) checkLocation(location)
    assertExists(options.from)
    await using from = await openEnd(options.from)
    await using to = await openEnd(options.to)
    const locks = [await lock(from), await lock(to)]
    const signals = [...locks.map(({ lost }) => lost), ...(options.signal ? [options.signal] : [])]
    return await copy({ ...options, from, to, signal: AbortSignal.any(signals) })
  } catch (error) {
    const known = toSqliteError(error)
    throw known.code === 'failed' ? toStoreError(error) : known
  }
}

function checkLocation(location: StoreLocation): void {
  const { path, url } = (location ?? {}) as Partial<Record<'path' | 'url', unknown>>
  if ((typeof path === 'string') !== (typeof url === 'string')) return
  throw invalid('from and to must each have a path or a url')
}

/** Opening a file would create it. */
function assertExists(location: StoreLocation): void {
  if ('url' in location || existsSync(location.path)) return
  throw new StoreError('not-a-store', 'there is no database to copy from')
}

async function openEnd(location: StoreLocation): Promise<CopyEnd> {
  if ('url' in location) return openPostgresEnd(location.url, location.schema ?? 'gitmsg')
  // SQLite is loaded only by who copies from or to a file.
  const { openSqliteEnd } = await import('./sqlite-end.js')
  return openSqliteEnd(location.path)
}

/** Closing the store releases it. */
async function lock({ store }: CopyEnd): Promise<SyncLock> {
  const lock = await store.acquireSyncLock()
  if (!lock) throw new StoreError('busy', 'a server synchronizes one of the databases: stop all servers')
  return lock
}

/** Two open databases, and what {@link copy} needs to copy one to the other. */
interface CopyParts {
  readonly from: CopyEnd
  readonly to: CopyEnd
  readonly signal: AbortSignal
  readonly onProgress?: ((messages: number) => void) | undefined
  readonly beforeCommit?: (() => Promise<void>) | undefined
}

/** No other write has its turn in either database until both have committed. */
function copy({ from, to, signal, onProgress = () => {}, beforeCommit }: CopyParts): Promise<CopiedStore> {
  return from.write((reader) =>
    to.write(async (writer) => {
      await assertEmpty(to, writer)
      const source = await readAll(from, reader.queries, async (table, rows, count) => {
        throwIfAborted(signal)
        await writer.insert(table, rows)
        if (table.name === 'messages') onProgress(count)
      })
      await writer.finish(source.state)
      const { digest } = await readAll(to, writer.queries, async () => throwIfAborted(signal))
      if (digest !== source.digest) throw new StoreError('failed', 'the copy differs from the original')
      await beforeCommit?.()
      await reader.renewEpoch()
      const { messages, versions, outbox: changes, idempotency_keys: idempotencyKeys } = source.counts
      return { messages, versions, changes, idempotencyKeys, digest }
    }),
  )
}

async function assertEmpty({ readState }: CopyEnd, { queries }: CopyWriter): Promise<void> {
  const { last_id, position } = await readState(queries)
  if (last_id + position > 0) throw new StoreError('not-empty', 'the database to copy to has messages')
}

function throwIfAborted({ aborted, reason }: AbortSignal): void {
  if (!aborted) return
  throw reason instanceof StoreError ? reason : new StoreError('aborted', 'aborted by the signal')
}
