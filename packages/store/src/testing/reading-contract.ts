import { describe, expect, it } from 'vitest'
import type { MessageQuery, Store } from '../store.js'
import { createAll, settleAll } from './contract-messages.js'
import { newMessage } from './new-message.js'
import { type OpenStoreFixture, withFixture } from './store-fixture.js'

const ids = async (store: Store, query?: MessageQuery) =>
  (await store.listMessages(query)).map(({ id }) => id)
const minute = (count: number) => new Date(Date.UTC(2025, 0, 9, 0, count)).toISOString()

/** Ids 1 to 60, from ada and bob by turns, one a minute; the even ones up to 20 are synchronized. */
async function fill(store: Store): Promise<void> {
  const messages = Array.from({ length: 60 }, (_, index) =>
    newMessage({ uid: `u${index + 1}`, sender: index % 2 ? 'bob' : 'ada', timestamp: minute(index + 1) }),
  )
  await Promise.all(messages.map((message) => store.createMessage(message)))
  await settleAll(store, ...Array.from({ length: 10 }, (_, index) => `u${2 * index + 2}`))
}

const LISTS: [string, MessageQuery | undefined, number[]][] = [
  ['the latest 50', undefined, Array.from({ length: 50 }, (_, index) => 60 - index)],
  ['the latest three', { limit: 3 }, [60, 59, 58]],
  ['three before an id', { before: 10, limit: 3 }, [9, 8, 7]],
  ['the three nearest after an id', { after: 10, limit: 3 }, [13, 12, 11]],
  ['those between two ids, nearest to the older', { after: 10, before: 13 }, [12, 11]],
  ['nothing before the first', { before: 1 }, []],
  ['nothing after the last', { after: 60 }, []],
  ['those of one sender', { sender: 'bob', limit: 2 }, [60, 58]],
  ['those of one sender after an id', { sender: 'bob', after: 10, limit: 2 }, [14, 12]],
  ['those since a time, up to but not at another', { since: minute(5), until: minute(8) }, [7, 6, 5]],
  ['those not synchronized', { synchronized: false, before: 8 }, [7, 5, 3, 1]],
  ['those synchronized', { synchronized: true, limit: 2 }, [20, 18]],
  [
    'those for which everything holds',
    { sender: 'bob', synchronized: false, until: minute(25), limit: 2 },
    [24, 22],
  ],
  ['nobody', { sender: "x' or 1=1 --" }, []],
]

const REFUSED: object[] = [
  { limit: 0 },
  { limit: 1.5 },
  { limit: Number.NaN },
  { limit: 1001 },
  { limit: '10' },
  { before: 'x' },
  { before: -1 },
  { after: Number.NaN },
  { after: null },
  { sender: ['ada'] },
  { since: 'yesterday' },
  { until: '2025-01-09T00:00:00Z' },
  { synchronized: 1 },
]

/** Finding and listing messages. */
export function describeReading(open: OpenStoreFixture): void {
  describe('reading', () => {
    it(
      'finds a message by its id and by its uid, and null where there is none',
      withFixture(open, async ({ store }) => {
        const [first] = await createAll(store, 'u1')
        for (const key of [1, 'u1']) expect(await store.findMessage(key)).toEqual(first?.message)
        const none = [0, 2, Number.MAX_SAFE_INTEGER, '1', '']
        for (const key of none) expect(await store.findMessage(key)).toBeNull()
      }),
    )

    it.each([1.5, Number.NaN, -1, 2 ** 53, 'x\ud800', null])('refuses %s as a key', (key) =>
      withFixture(open, async ({ store }) => {
        const call = store.findMessage(key as string)
        await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
      })(),
    )

    it(
      'finds those of up to 10,000 uids that are stored',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b"\\', 'ü')
        const many = Array.from({ length: 9_996 }, (_, index) => `${index}`)
        const found = await store.findMessages(['ü', 'none', 'b"\\', 'ü', ...many])
        expect(found.map(({ uid }) => uid).sort()).toEqual(['b"\\', 'ü'])
        expect(await store.findMessages([])).toEqual([])
        for (const uids of [Array(10_001).fill('u'), [1], 'u1', null]) {
          const call = store.findMessages(uids as string[])
          await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
        }
      }),
    )

    it.each(LISTS)('lists %s, newest first', (_, query, expected) =>
      withFixture(open, async ({ store }) => {
        await fill(store)
        expect(await ids(store, query)).toEqual(expected)
      })(),
    )

    // Covers IN-66, V1.4.2
    it.each(REFUSED)('refuses to list by %j', (query) =>
      withFixture(open, async ({ store }) => {
        const call = store.listMessages(query)
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
      })(),
    )
  })
}
