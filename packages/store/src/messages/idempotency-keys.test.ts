import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

const idempotency = { key: 'order-7', fingerprint: 'abc' }
const DAY_MS = 24 * 60 * 60 * 1000

it('an idempotency key is deleted after 24 hours, when a later one is stored', async () => {
  let now = Date.now()
  await using store = await openTemporaryStore({ clock: () => now })
  await store.createMessage(newMessage({ idempotency }))
  const reader = new BetterSqlite3(store.path, { readonly: true })
  const keys = () => reader.prepare('select key from idempotency_keys').pluck().all()

  now += DAY_MS
  await store.createMessage(newMessage({ idempotency: { key: 'order-8', fingerprint: 'abc' } }))
  expect(keys()).toEqual(['order-7', 'order-8'])
  expect(await store.createMessage(newMessage({ idempotency }))).toMatchObject({ created: false })

  now += 1
  await store.createMessage(newMessage({ idempotency: { key: 'order-9', fingerprint: 'abc' } }))
  expect(keys()).toEqual(['order-8', 'order-9'])
  reader.close()
})

it('expired idempotency keys are found by an index', async () => {
  await using store = await openTemporaryStore()
  const reader = new BetterSqlite3(store.path, { readonly: true })
  const plan = reader
    .prepare(
      'explain query plan select key from idempotency_keys where created_at < ? order by created_at limit ?',
    )
    .all('2025', 10) as { detail: string }[]
  expect(plan.map(({ detail }) => detail)).toEqual([
    'SEARCH idempotency_keys USING COVERING INDEX idempotency_keys_by_created_at (created_at<?)',
  ])
  reader.close()
})
