import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore, type TemporaryStore } from '../testing/index.js'

const uid = fc.integer({ min: 1, max: 8 }).map((number) => `u${number}`)
const settle = (store: TemporaryStore, one: string) =>
  store.settle({ published: [{ uid: one, version: 1, git_hash: 'c1' }], cursor: { commit: 'c1', format: 1 } })

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: uid.map((one) => (store: TemporaryStore) => store.createMessage(newMessage({ uid: one }))),
  },
  uid.map((one) => (store: TemporaryStore) => settle(store, one)),
  uid.map((one) => (store: TemporaryStore) => store.quarantine(one, 'no')),
  uid.map((one) => (store: TemporaryStore) => store.retryQuarantined([one])),
  fc.constant((store: TemporaryStore) => store.retryQuarantined()),
  fc.constant((store: TemporaryStore) => store.resetSynchronization()),
)

it('summary() has the counts of the outbox after any sequence of operations', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using store = await openTemporaryStore()
      for (const run of steps) await run(store).catch(expectDuplicate)

      const { pending, quarantined } = await store.summary()
      const reader = new BetterSqlite3(store.path, { readonly: true })
      const count = (condition: string) =>
        reader.prepare(`select count(*) from outbox where ${condition}`).pluck().get()
      expect([pending, quarantined]).toEqual([
        count('quarantined_at is null'),
        count('quarantined_at is not null'),
      ])
      expect(await store.listMessages({ synchronized: false, limit: 1000 })).toHaveLength(
        pending + quarantined,
      )
      reader.close()
    }),
    { numRuns: 30 },
  )
})

function expectDuplicate(error: unknown) {
  expect(error).toMatchObject({ code: 'duplicate-uid' })
}
