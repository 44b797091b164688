import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../database/database.js'
import { toAccountsError } from '../postgres-error.js'

const INTERVAL_MS = 3_000

/** Options of {@link watchSchema}. */
export interface WatchSchemaOptions {
  /** Rejects with `newer-schema` if it is newer. */
  readonly inspect: () => Promise<unknown>
  readonly onNewerSchema: () => void
}

/** Inspects the schema of a database again and again, until a newer version has migrated it or the database is closed. */
export function watchSchema<Watched extends Database>(
  database: Watched,
  { inspect, onNewerSchema }: WatchSchemaOptions,
): Watched {
  const closing = new AbortController()
  const { signal } = closing
  const ended = watch()

  async function watch(): Promise<void> {
    while (await hasPassed()) {
      if (!(await isNewer())) continue
      if (!signal.aborted) onNewerSchema()
      return
    }
  }

  /** Resolves with false once the database is closed. */
  function hasPassed(): Promise<boolean> {
    return sleep(INTERVAL_MS, undefined, { signal, ref: false }).then(
      () => true,
      () => false,
    )
  }

  /** A database that is away is looked at later. */
  function isNewer(): Promise<boolean> {
    return inspect().then(
      () => false,
      (error) => toAccountsError(error).code === 'newer-schema',
    )
  }

  return {
    ...database,
    async close() {
      closing.abort()
      await ended
      await database.close()
    },
  }
}
