import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore, RESETTING, type Store } from '../index.js'
import { openTemporaryStore } from '../testing/index.js'
import { createAll, edit, publish, remove } from '../testing/messages.js'

const COUNT = 1_500

async function pendingVersions(store: Store): Promise<string[]> {
  const found = []
  for (let page = await store.oldestChanges(1000); page.length > 0; ) {
    found.push(...page)
    page = await store.oldestChanges(1000, page.at(-1))
  }
  return found.map(({ message }) => `${message.uid} ${message.version}`)
}

/** Resets until another connection holds the write lock for too long, after a part of the messages. */
async function resetHalf(path: string): Promise<void> {
  const store = await openStore({ path, busyTimeout: 30 })
  const locker = new BetterSqlite3(path)
  const countPending = locker.prepare('select pending from outbox_counts').pluck()
  const resetting = store.resetSynchronization()
  async function lockHalfway(): Promise<void> {
    while ((countPending.get() as number) === 0) await new Promise((resolve) => setImmediate(resolve))
    locker.exec('begin immediate')
  }
  const outcomes = await Promise.allSettled([resetting, lockHalfway()])
  expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'busy' } })
  locker.exec('rollback')
  locker.close()
  await store.close()
}

it('resetSynchronization() continues in another store after it was interrupted', async () => {
  await using store = await openTemporaryStore()
  const uids = Array.from({ length: COUNT }, (_, index) => `u${index}`)
  await createAll(store, ...uids)
  await Promise.all(uids.map((uid) => edit(store, uid, `edited ${uid}`)))
  const order = [1, 2].flatMap((version) => uids.toReversed().map((uid) => `${uid} ${version}`))
  await publish(store, ...order)
  const { epoch } = await store.position()
  await resetHalf(store.path)

  expect((await store.cursor()).commit).toBe(RESETTING)
  const half = await pendingVersions(store)
  expect(half.length).toBeLessThan(order.length)
  expect(half).toEqual(order.slice(0, half.length))
  // In the meantime: edits of messages that were reset, and that were not, and a deletion of each kind.
  for (const uid of [`u${COUNT - 1}`, 'u0']) await edit(store, uid, 'late')
  for (const uid of [`u${COUNT - 2}`, 'u1']) await remove(store, uid)

  const isKept = (version: string) => !['u1', `u${COUNT - 2}`].includes(version.split(' ')[0] as string)
  await store.resetSynchronization()
  expect(await pendingVersions(store)).toEqual([
    ...order.filter(isKept),
    ...[`u${COUNT - 1} 3`, 'u0 3', `u${COUNT - 2} 3`, 'u1 3'],
  ])
  expect(await store.cursor()).toEqual({ commit: null, format: null })
  expect((await store.position()).epoch).not.toBe(epoch)
  const messages = await store.findMessages(uids)
  expect(messages.every(({ synchronized_version }) => synchronized_version === null)).toBe(true)
})
