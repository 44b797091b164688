import { describe, expect, it } from 'vitest'
import {
  createAll,
  newMessage,
  outcomesOf,
  react,
  record,
  recordedVersion,
  remove,
  reply,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Replies and their threads. */
export function describeReplying(open: OpenStoreFixture): void {
  describe('replying', () => {
    it(
      'createMessage() takes the id or the uid of the message to reply to, and finds the first of the thread',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'root')
        const { message: first } = await reply(store, 1, { uid: 'a' })
        const { message: second } = await reply(store, 'a', { uid: 'b' })
        expect(first).toMatchObject({ reply_to: 'root', thread: 'root' })
        expect(second).toMatchObject({ reply_to: 'a', thread: 'root' })
        expect(await store.findMessages(['a', 'b'])).toEqual(expect.arrayContaining([first, second]))
      }),
    )

    it(
      'createMessage() gives a reply the topic of the message to which it replies, unless it has one',
      withFixture(open, async ({ store }) => {
        await store.createMessage(newMessage({ uid: 'root', topic: 'deploys' }))
        await reply(store, 'root', { uid: 'a' })
        await reply(store, 'a', { uid: 'b', topic: 'lunch' })
        await reply(store, 'b', { uid: 'c' })
        const topics = await Promise.all(
          ['a', 'b', 'c'].map(async (uid) => (await store.findMessage(uid))?.topic),
        )
        expect(topics).toEqual(['deploys', 'lunch', 'lunch'])
      }),
    )

    it(
      'createMessage() rejects a reply to an unknown message, a deleted one and a reaction, and no concurrent call',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'root', 'deleted')
        const { message: reaction } = await react(store, 'root', 'bob')
        await remove(store, 'deleted')
        const parents = ['unknown', 99, 'deleted', 2, reaction.uid, reaction.id, 'root']
        const calls = parents.map((parent, index) => reply(store, parent, { uid: `reply ${index}` }))
        expect(await outcomesOf(calls)).toEqual([...Array(6).fill('invalid-reply'), 'created'])
        expect((await store.listMessages()).map(({ id, uid }) => `${id} ${uid}`)).toEqual([
          '4 reply 6',
          '1 root',
        ])
      }),
    )

    it(
      'createMessage() accepts a reply to a message of the same moment, and rejects one that comes before it',
      withFixture(open, async ({ store }) => {
        const calls = [
          reply(store, 'root', { uid: 'too early' }),
          store.createMessage(newMessage({ uid: 'root', topic: 'deploys' })),
          reply(store, 'root', { uid: 'a' }),
          reply(store, 2, { uid: 'b' }),
        ]
        expect(await outcomesOf(calls)).toEqual(['invalid-reply', 'created', 'created', 'created'])
        expect(await store.findMessage('b')).toMatchObject({
          reply_to: 'a',
          thread: 'root',
          topic: 'deploys',
        })
      }),
    )

    it.each([
      { reply_to: 1.5 },
      { reply_to: 'x\ud800' },
      { reply_to: null },
      { topic: 'a\0' },
      { format: 'html' },
    ])('createMessage() rejects an invalid field of a reply: %j', (fields) =>
      withFixture(open, async ({ store }) => {
        await createAll(store, 'root')
        const call = reply(store, 'root', { uid: 'a', ...(fields as object) })
        await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
      })(),
    )

    it(
      'settle() finds the thread of recorded replies, also if their parents come later, and moves those that it changes',
      withFixture(open, async ({ store }) => {
        const recordedReply = (uid: string, reply_to: string) => recordedVersion(uid, { reply_to })
        await record(store, recordedReply('c', 'b'), recordedReply('b', 'a'))
        const threadOf = async (uid: string) => (await store.findMessage(uid))?.thread
        expect([await threadOf('c'), await threadOf('b')]).toEqual(['a', 'a'])

        const before = await store.position()
        await record(store, recordedReply('a', 'root'), recordedReply('d', 'a'))
        expect(await Promise.all(['a', 'b', 'c', 'd'].map(threadOf))).toEqual(Array(4).fill('root'))
        const moved = (await store.changedSince(before, 10)).map(({ uid }) => uid)
        expect(moved.sort()).toEqual(['a', 'b', 'c', 'd'])

        await record(store, recordedVersion('root'))
        const thread = await store.listMessages({ thread: 'root' })
        expect(thread.map(({ uid }) => uid).sort()).toEqual(['a', 'b', 'c', 'd', 'root'])
      }),
    )
  })
}
