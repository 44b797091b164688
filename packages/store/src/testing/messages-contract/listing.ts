import { describe, expect, it } from 'vitest'
import type { MessageQuery } from '../../message-query.js'
import type { Store } from '../../store.js'
import { edit, minute, newMessage, publish, react, remove, reply } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/**
 * Ids 1 to 12: a thread in the topic `deploys` (root 1; replies 2, 3 and 5, of which 5 has another topic), a message
 * alone in that topic (4), two deleted messages (6, 7), two reactions (8, 9), a deleted reaction (10), a deleted root
 * (11) with a reply (12).
 */
async function createConversation(store: Store): Promise<void> {
  const at = (count: number) => ({ timestamp: minute(count) })
  await store.createMessage(newMessage({ uid: 'root', topic: 'deploys', ...at(1) }))
  await reply(store, 'root', { uid: 'a', sender: 'bob', ...at(2) })
  await reply(store, 'a', { uid: 'b', ...at(3) })
  await store.createMessage(newMessage({ uid: 'alone', topic: 'deploys', sender: 'bob', ...at(4) }))
  await reply(store, 'root', { uid: 'c', topic: 'lunch', sender: 'bob', ...at(5) })
  await reply(store, 'root', { uid: 'gone', ...at(6) })
  await store.createMessage(newMessage({ uid: 'gone too', sender: 'bob', ...at(7) }))
  for (const [target, sender] of [
    ['a', 'ada'],
    ['a', 'bob'],
    ['root', 'bob'],
  ] as const)
    await react(store, target, sender)
  await store.createMessage(newMessage({ uid: 'dead root', ...at(11) }))
  await reply(store, 'dead root', { uid: 'd', ...at(12) })
  for (const key of ['gone', 'gone too', 10, 'dead root']) await remove(store, key)
  await publish(store, 'root 1', 'a 1', 'b 1', 'gone 2')
  await edit(store, 'b', 'edited')
}

const LISTS: [MessageQuery, number[]][] = [
  [{}, [12, 5, 4, 3, 2, 1]],
  [{ topic: 'deploys' }, [4, 3, 2, 1]],
  [{ topic: 'lunch' }, [5]],
  [{ topic: 'unknown' }, []],
  [{ thread: 'root' }, [5, 3, 2, 1]],
  [{ thread: 'root', limit: 2 }, [5, 3]],
  [{ thread: 'root', before: 3 }, [2, 1]],
  [{ thread: 'root', after: 0, limit: 2 }, [2, 1]],
  [{ thread: 'root', after: 1, limit: 2 }, [3, 2]],
  [{ thread: 'a' }, [2]],
  [{ thread: 'alone' }, [4]],
  [{ thread: 'dead root' }, [12]],
  [{ thread: 'unknown' }, []],
  [{ reply_to: 'root' }, [5, 2]],
  [{ reply_to: 'a' }, [3]],
  [{ reply_to: 'gone' }, []],
  [{ thread: 'root', topic: 'deploys' }, [3, 2, 1]],
  [{ thread: 'root', reply_to: 'root' }, [5, 2]],
  [{ thread: 'root', sender: 'bob' }, [5, 2]],
  [{ thread: 'root', sender: 'bob', topic: 'lunch' }, [5]],
  [{ thread: 'root', since: minute(2), until: minute(5) }, [3, 2]],
  [{ topic: 'deploys', since: minute(3) }, [4, 3]],
  [{ topic: 'deploys', synchronized: true }, [2, 1]],
  [{ topic: 'deploys', synchronized: false }, [4, 3]],
  [{ thread: 'root', synchronized: true, reply_to: 'root' }, [2]],
  [{ synchronized: false }, [12, 5, 4, 3]],
  [{ include: 'reactions' }, [9, 8]],
  [{ include: 'reactions', sender: 'bob' }, [9]],
  [{ include: 'reactions', reply_to: 'a', limit: 1 }, [9]],
  [{ include: 'reactions', thread: 'root', topic: 'deploys' }, [9, 8]],
  [{ include: 'reactions', synchronized: true }, []],
  [{ include: 'reactions', after: 8 }, [9]],
  [{ include: 'deleted' }, [11, 10, 7, 6]],
  [{ include: 'deleted', before: 11, limit: 2 }, [10, 7]],
  [{ include: 'deleted', after: 5, limit: 2 }, [7, 6]],
  [{ include: 'deleted', sender: 'bob' }, [10, 7]],
  [{ include: 'deleted', thread: 'root' }, [10, 6]],
  [{ include: 'deleted', thread: 'dead root' }, [11]],
  [{ include: 'deleted', topic: 'deploys', reply_to: 'root' }, [10, 6]],
  [{ include: 'deleted', since: minute(7), until: minute(12), sender: 'ada' }, [11]],
  [{ include: 'deleted', synchronized: true }, [6]],
  [{ include: 'deleted', synchronized: false }, [11, 10, 7]],
  [{ include: 'all' }, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  [{ include: 'all', limit: 2, before: 9 }, [8, 7]],
  [{ include: 'all', limit: 2, after: 5 }, [7, 6]],
]

const INVALID_QUERIES: object[] = [
  { topic: 5 },
  { thread: '' },
  { reply_to: 7 },
  { include: 'everything' },
  { include: 'all', sender: 'ada' },
  { include: 'all', topic: 'deploys' },
  { include: 'all', synchronized: false },
]

/** Lists by topic, thread and kind. */
export function describeListing(open: OpenStoreFixture): void {
  describe('listing conversations', () => {
    it(
      'listMessages() selects by topic, thread, reply_to and kind, in every combination',
      withFixture(open, async ({ store }) => {
        await createConversation(store)
        for (const [query, expected] of LISTS) {
          const ids = (await store.listMessages(query)).map(({ id }) => id)
          expect(ids, JSON.stringify(query)).toEqual(expected)
        }
      }),
    )

    it.each(INVALID_QUERIES)('listMessages() rejects an invalid query: %j', (query) =>
      withFixture(open, async ({ store }) => {
        const call = store.listMessages(query)
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
      })(),
    )
  })
}
