import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import type { Database } from '../../database/database.js'
import { temporaryPath } from '../../testing/temporary-store.js'
import { openDatabase } from '../database.js'
import { createReader } from './reader.js'

async function openEmpty(): Promise<Database> {
  const path = temporaryPath()
  const database = await openDatabase({ path, busyTimeoutMs: 1_000, signal: undefined, onMigrate() {} })
  onTestFinished(() => database.close())
  return database
}

const ONE = sql<{ one: number }>`select 1 as one`

/** In how many turns of the event loop ten queries are run, that are started at once and take this long each. */
async function countTurns(database: Database, milliseconds: number): Promise<number> {
  let now = 0
  let turn = 0
  let isCounting = true
  function count(): void {
    turn += 1
    if (isCounting) setImmediate(count)
  }
  setImmediate(count)
  const read = createReader(database, () => now)
  const turns = await Promise.all(
    Array.from({ length: 10 }, async () => {
      expect(await read(ONE)).toEqual([{ one: 1 }])
      now += milliseconds
      return turn
    }),
  )
  isCounting = false
  return new Set(turns).size
}

it('a reader runs queries in one turn of the event loop until that was long enough, then in later ones', async () => {
  const database = await openEmpty()
  expect(await countTurns(database, 0.1)).toBe(1)
  expect(await countTurns(database, 2)).toBe(4)
  expect(await countTurns(database, 50)).toBe(10)
})

it('a reader rejects a query whose signal has aborted, and goes on with the others', async () => {
  const database = await openEmpty()
  const read = createReader(database)
  const results = await Promise.allSettled([read(ONE), read(ONE, AbortSignal.abort()), read(ONE)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { name: 'StoreError', code: 'aborted' } })
})
