import { describe, expect, it } from 'vitest'
import {
  createAll,
  minute,
  newMessage,
  outcomesOf,
  publish,
  react,
  record,
  recordedVersion,
  remove,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Reactions to messages. */
export function describeReacting(open: OpenStoreFixture): void {
  describe('reacting', () => {
    it(
      'createMessage() stores the reaction of a sender with an emoji once, and otherwise returns the first',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const first = await react(store, 'a', 'bob')
        expect(first).toMatchObject({
          created: true,
          message: { reply_to: 'a', thread: 'a', format: 'reaction' },
        })
        expect(await react(store, 1, 'bob')).toEqual({ message: first.message, created: false })
        for (const [target, sender, emoji] of [
          ['a', 'ada', '👍'],
          ['a', 'bob', '🎉'],
          ['b', 'bob', '👍'],
        ]) {
          expect(await react(store, target as string, sender as string, emoji)).toMatchObject({
            created: true,
          })
        }
        expect((await store.summary()).pending).toBe(6)
      }),
    )

    it(
      'createMessage() stores the same reaction once for 50 concurrent calls of two stores',
      withFixture(open, async ({ store, other }) => {
        await createAll(store, 'a')
        const stores = [store, await other()]
        const calls = Array.from({ length: 50 }, (_, index) => react(stores[index % 2] ?? store, 'a', 'bob'))
        const results = await Promise.all(calls)
        expect(results.filter(({ created }) => created)).toHaveLength(1)
        expect(new Set(results.map(({ message }) => message.id)).size).toBe(1)
        expect(await store.listMessages({ include: 'reactions' })).toHaveLength(1)
      }),
    )

    it(
      'createMessage() stores the same reaction again once the first is deleted',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const first = await react(store, 'a', 'bob')
        await remove(store, first.message.id)
        expect(await store.findReactions(['a'])).toEqual([])
        const second = await react(store, 'a', 'bob')
        expect(second).toMatchObject({ created: true })
        expect(second.message.id).not.toBe(first.message.id)
        expect(await store.findReactions(['a'])).toEqual([{ reply_to: 'a', content: '👍', sender: 'bob' }])
      }),
    )

    it(
      'createMessage() rejects a reaction without a message, to a reaction and to a deleted message',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const { message } = await react(store, 'a', 'bob')
        await remove(store, 'b')
        const calls = [
          store.createMessage(newMessage({ format: 'reaction', content: '👍' })),
          react(store, message.id, 'ada'),
          react(store, 'b', 'ada'),
        ]
        expect(await outcomesOf(calls)).toEqual(Array(3).fill('invalid-reply'))
      }),
    )

    it(
      'createMessage() gives a reaction the topic of its message, which is in no list and no count',
      withFixture(open, async ({ store }) => {
        await store.createMessage(newMessage({ uid: 'a', topic: 'deploys' }))
        const { message } = await store.createMessage(
          newMessage({ reply_to: 'a', format: 'reaction', content: '👍', topic: 'lunch' }),
        )
        expect(message.topic).toBe('deploys')
        for (const query of [{}, { topic: 'deploys' }, { thread: 'a' }, { after: 0 }]) {
          expect((await store.listMessages(query)).map(({ uid }) => uid)).toEqual(['a'])
        }
        expect(await store.listMessages({ reply_to: 'a' })).toEqual([])
        expect(await store.listTopics()).toMatchObject([{ topic: 'deploys', messages: 1 }])
        expect(await store.listMessages({ include: 'reactions', topic: 'deploys' })).toEqual([message])
      }),
    )

    it(
      'findReactions() finds the reactions to each message, oldest first, at most 1000 for each',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c')
        await Promise.all(Array.from({ length: 1_010 }, (_, index) => react(store, 'a', `sender ${index}`)))
        await react(store, 'b', 'bob', '🎉')
        const found = await store.findReactions(['b', 'a', 'c', 'unknown'])
        const toA = found.filter(({ reply_to }) => reply_to === 'a')
        expect(toA.map(({ sender }) => sender)).toEqual(
          Array.from({ length: 1_000 }, (_, n) => `sender ${n}`),
        )
        expect(found.filter(({ reply_to }) => reply_to !== 'a')).toEqual([
          { reply_to: 'b', content: '🎉', sender: 'bob' },
        ])
        expect(await store.findReactions([])).toEqual([])
        const tooMany = store.findReactions(Array(1_001).fill('a'))
        await expect(tooMany).rejects.toMatchObject({ code: 'invalid-argument' })
      }),
    )

    it(
      'settle() stores recorded reactions, moves their message, and marks them as any other',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        const before = await store.position()
        const reaction = recordedVersion('r', { format: 'reaction', content: '👍', reply_to: 'a' })
        expect(await record(store, reaction)).toEqual(['stored'])
        expect(await store.findReactions(['a'])).toEqual([{ reply_to: 'a', content: '👍', sender: 'eve' }])
        expect((await store.changedSince(before, 10)).map(({ uid }) => uid)).toEqual(['r', 'a'])

        const deletion = { version: 2, content: '', format: 'plain', deleted_at: minute(9) } as const
        const later = await store.position()
        expect(await record(store, { ...reaction, ...deletion })).toEqual(['applied'])
        expect(await store.findReactions(['a'])).toEqual([])
        expect((await store.changedSince(later, 10)).map(({ uid }) => uid)).toEqual(['r', 'a'])
      }),
    )
  })
}
