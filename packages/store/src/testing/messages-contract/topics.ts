import { describe, expect, it } from 'vitest'
import type { Store } from '../../store.js'
import { createAll, edit, minute, newMessage, record, recordedVersion, remove } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

const post = (store: Store, uid: string, topic: string, at: number) =>
  store.createMessage(newMessage({ uid, topic, timestamp: minute(at) }))

/** The topics as text: name, number of messages, minute of the last. */
const topicsOf = async (store: Store) =>
  (await store.listTopics()).map(
    ({ topic, messages, last_at }) => `${topic} ${messages} ${minuteOf(last_at)}`,
  )

const minuteOf = (time: string) => (Date.parse(time) - Date.parse(minute(0))) / 60_000

/** Topics with their counts. */
export function describeTopics(open: OpenStoreFixture): void {
  describe('topics', () => {
    it(
      'listTopics() counts the messages of each topic, the latest activity first',
      withFixture(open, async ({ store }) => {
        expect(await store.listTopics()).toEqual([])
        await post(store, 'a', 'deploys', 1)
        await post(store, 'b', 'lunch', 5)
        await post(store, 'c', 'deploys', 3)
        await createAll(store, 'without')
        expect(await topicsOf(store)).toEqual(['lunch 1 5', 'deploys 2 3'])
        await post(store, 'd', 'deploys', 2)
        expect(await topicsOf(store)).toEqual(['lunch 1 5', 'deploys 3 3'])
      }),
    )

    it(
      'listTopics() follows edits of the topic, and no other edit',
      withFixture(open, async ({ store }) => {
        await post(store, 'a', 'deploys', 1)
        await post(store, 'b', 'deploys', 2)
        await edit(store, 'b', 'x')
        expect(await topicsOf(store)).toEqual(['deploys 2 2'])
        await edit(store, 'b', 'x', { topic: 'lunch' })
        expect(await topicsOf(store)).toEqual(['lunch 1 2', 'deploys 1 1'])
        await edit(store, 'a', 'x', { topic: null })
        expect(await topicsOf(store)).toEqual(['lunch 1 2'])
        await edit(store, 'a', 'x', { topic: 'lunch' })
        expect(await topicsOf(store)).toEqual(['lunch 2 2'])
      }),
    )

    it(
      'listTopics() follows deletions, and leaves out a topic without messages',
      withFixture(open, async ({ store }) => {
        await post(store, 'a', 'deploys', 1)
        await post(store, 'b', 'deploys', 2)
        await remove(store, 'b')
        expect(await topicsOf(store)).toEqual(['deploys 1 1'])
        await remove(store, 'a')
        expect(await topicsOf(store)).toEqual([])
        await post(store, 'c', 'deploys', 3)
        expect(await topicsOf(store)).toEqual(['deploys 1 3'])
      }),
    )

    it(
      'listTopics() counts recorded messages, and follows recorded edits and tombstones',
      withFixture(open, async ({ store }) => {
        const one = recordedVersion('a', { topic: 'deploys', timestamp: minute(4) })
        const tombstone = { content: '', deleted_at: minute(9), topic: 'gone' }
        await record(store, one, recordedVersion('dead', { ...tombstone, version: 3 }))
        expect(await topicsOf(store)).toEqual(['deploys 1 4'])
        await record(store, { ...one, version: 2, topic: 'lunch' })
        expect(await topicsOf(store)).toEqual(['lunch 1 4'])
        await record(store, { ...one, ...tombstone, version: 3, topic: 'lunch' })
        expect(await topicsOf(store)).toEqual([])
      }),
    )

    it(
      'listTopics() is paged by the last topic of the page before, also among equal times',
      withFixture(open, async ({ store }) => {
        for (let number = 0; number < 7; number += 1) {
          await post(store, `${number}`, `topic ${number}`, Math.floor(number / 3))
        }
        const all = await store.listTopics()
        expect(all).toHaveLength(7)
        for (const limit of [1, 2, 3]) {
          const paged = []
          for (let page = await store.listTopics({ limit }); page.length > 0; ) {
            paged.push(...page)
            page = await store.listTopics({ limit, before: page.at(-1) })
          }
          expect(paged).toEqual(all)
        }
      }),
    )

    it.each([
      { limit: 0 },
      { limit: 1001 },
      { before: { topic: '', last_at: minute(1) } },
      { before: { topic: 'a', last_at: '' } },
    ])('listTopics() rejects an invalid page: %j', (page) =>
      withFixture(open, async ({ store }) => {
        await expect(store.listTopics(page)).rejects.toMatchObject({ code: 'invalid-argument' })
      })(),
    )

    it(
      'findEarlierTopics() finds the topics of earlier versions, each once, until the message is deleted',
      withFixture(open, async ({ store }) => {
        await post(store, 'a', 'deploys', 1)
        await post(store, 'b', 'lunch', 1)
        await createAll(store, 'c')
        for (const topic of ['lunch', null, 'deploys', 'deploys', 'lunch'])
          await edit(store, 'a', String(topic), { topic })
        await edit(store, 'c', 'x', { topic: 'lunch' })
        const found = await store.findEarlierTopics(['a', 'b', 'c', 'unknown'])
        expect(found.map(({ uid, topic }) => `${uid} ${topic}`).toSorted()).toEqual(['a deploys', 'a lunch'])
        await remove(store, 'a')
        expect(await store.findEarlierTopics(['a'])).toEqual([])
        expect(await store.findEarlierTopics([])).toEqual([])
        const tooMany = Array.from({ length: 1001 }, () => 'a')
        await expect(store.findEarlierTopics(tooMany)).rejects.toMatchObject({ code: 'invalid-argument' })
      }),
    )
  })
}
