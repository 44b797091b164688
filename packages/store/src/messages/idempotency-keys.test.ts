import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../index.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'

const idempotency = { key: 'order-7', fingerprint: 'abc' }
const hour = 60 * 60 * 1000

it('answers 100 calls at once with the one message of the first', async () => {
  await using store = await openTemporaryStore()
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => store.createMessage(newMessage({ idempotency }))),
  )

  expect(answers.filter(({ created }) => created)).toHaveLength(1)
  expect(new Set(answers.map(({ message }) => JSON.stringify(message))).size).toBe(1)
  expect(await store.listMessages()).toHaveLength(1)
})

it('answers a later call, also after a restart, with what the message is now', async () => {
  await using store = await openTemporaryStore()
  const { message } = await store.createMessage(newMessage({ idempotency }))
  await store.settle({
    synchronized: [{ uid: message.uid, git_hash: 'a1' }],
    cursor: { commit: 'a1', format: 1 },
  })

  await using restarted = await openStore({ path: store.path })
  expect(await restarted.createMessage(newMessage({ idempotency }))).toEqual({
    message: { ...message, git_hash: 'a1', is_synchronized: true },
    created: false,
  })
})

it('refuses only the call that uses a key for something else, in one group and later', async () => {
  await using store = await openTemporaryStore()
  const other = { ...idempotency, fingerprint: 'xyz' }
  const results = await Promise.allSettled([
    store.createMessage(newMessage({ idempotency })),
    store.createMessage(newMessage({ idempotency: other })),
    store.createMessage(newMessage()),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect(store.createMessage(newMessage({ idempotency: other }))).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  })
})

it('does not remember the key of a call that failed', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage({ uid: 'taken' }))
  const [failed, next] = await Promise.allSettled([
    store.createMessage(newMessage({ uid: 'taken', idempotency })),
    store.createMessage(newMessage({ idempotency })),
  ])
  expect(failed).toMatchObject({ reason: { code: 'duplicate-uid' } })
  expect(next).toMatchObject({ value: { created: true } })
})

it('keeps keys for 24 hours, and forgets them when later ones come', async () => {
  let now = Date.now()
  await using store = await openTemporaryStore({ clock: () => now })
  await store.createMessage(newMessage({ idempotency }))
  const reader = new BetterSqlite3(store.path, { readonly: true })
  const keys = () => reader.prepare('select key from idempotency_keys').pluck().all()

  now += 24 * hour
  await store.createMessage(newMessage({ idempotency: { key: 'order-8', fingerprint: 'abc' } }))
  expect(keys()).toEqual(['order-7', 'order-8'])
  expect(await store.createMessage(newMessage({ idempotency }))).toMatchObject({ created: false })

  now += 1
  await store.createMessage(newMessage({ idempotency: { key: 'order-9', fingerprint: 'abc' } }))
  expect(keys()).toEqual(['order-8', 'order-9'])
  reader.close()
})

it('finds expired keys by an index', async () => {
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
