import { describe, expect, it } from 'vitest'
import type { MessageQuery } from '../../message-query.js'
import { createAll, createSixty, minute } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

const LISTS: [string, MessageQuery | undefined, number[]][] = [
  ['the latest 50 by default', undefined, Array.from({ length: 50 }, (_, index) => 60 - index)],
  ['the latest three', { limit: 3 }, [60, 59, 58]],
  ['three before an id', { before: 10, limit: 3 }, [9, 8, 7]],
  ['the three nearest after an id', { after: 10, limit: 3 }, [13, 12, 11]],
  ['between two ids', { after: 10, before: 13 }, [12, 11]],
  ['nothing before the first', { before: 1 }, []],
  ['nothing after the last', { after: 60 }, []],
  ['one sender', { sender: 'bob', limit: 2 }, [60, 58]],
  ['one sender after an id', { sender: 'bob', after: 10, limit: 2 }, [14, 12]],
  ['since a time, up to but excluding another', { since: minute(5), until: minute(8) }, [7, 6, 5]],
  ['not synchronized', { synchronized: false, before: 8 }, [7, 5, 3, 1]],
  ['synchronized', { synchronized: true, limit: 2 }, [20, 18]],
  [
    'several conditions at once',
    { sender: 'bob', synchronized: false, until: minute(25), limit: 2 },
    [24, 22],
  ],
  ['nothing from an unknown sender', { sender: "x' or 1=1 --" }, []],
]

const INVALID_QUERIES: object[] = [
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
  describe('reading messages', () => {
    it(
      'findMessage() finds a message by its id and its uid, and returns null for an unknown one',
      withFixture(open, async ({ store }) => {
        const [first] = await createAll(store, 'u1')
        for (const key of [1, 'u1']) expect(await store.findMessage(key)).toEqual(first?.message)
        const unknown = [0, 2, Number.MAX_SAFE_INTEGER, '1', '']
        for (const key of unknown) expect(await store.findMessage(key)).toBeNull()
      }),
    )

    it.each([1.5, Number.NaN, -1, 2 ** 53, 'x\ud800', null])(
      'findMessage() rejects an invalid key: %s',
      (key) =>
        withFixture(open, async ({ store }) => {
          const call = store.findMessage(key as string)
          await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
        })(),
    )

    it(
      'findMessages() finds the stored messages among up to 10,000 uids, and rejects more or an invalid list',
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

    it.each(LISTS)('listMessages() lists messages newest first: %s', (_, query, expected) =>
      withFixture(open, async ({ store }) => {
        await createSixty(store)
        expect((await store.listMessages(query)).map(({ id }) => id)).toEqual(expected)
      })(),
    )

    // Covers IN-66, V1.4.2
    it.each(INVALID_QUERIES)('listMessages() rejects an invalid query: %j', (query) =>
      withFixture(open, async ({ store }) => {
        const call = store.listMessages(query)
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
      })(),
    )
  })
}
