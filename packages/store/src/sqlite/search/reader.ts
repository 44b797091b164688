import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RawBuilder } from 'kysely'
import type { Database } from '../../database/database.js'
import { StoreError } from '../../store-error.js'

/** What other requests wait for searches in one turn of the event loop, however many searches there are. */
const MAX_TURN_MS = 5

/** Runs a query of a search. Rejects with `aborted` if the signal aborts before its turn. */
export type Read = <Row>(query: RawBuilder<Row>, signal?: AbortSignal) => Promise<Row[]>

/** Returns a function that runs queries one after another, and lets other work run between them. */
export function createReader(database: Database, monotonic = () => performance.now()): Read {
  let last: Promise<unknown> = Promise.resolve()
  let turnEnd = Number.NEGATIVE_INFINITY

  return (query, signal) => {
    const rows = last.then(async () => {
      if (monotonic() >= turnEnd) {
        await nextTurn()
        turnEnd = monotonic() + MAX_TURN_MS
      }
      if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
      return (await database.read(({ queries }) => query.execute(queries))).rows
    })
    last = rows.catch(() => {})
    return rows
  }
}
