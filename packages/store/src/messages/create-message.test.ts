import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'created' : result.reason.code))

it('stores a message and its change, and gives it an id that its path can hold', async () => {
  await using store = await openTemporaryStore()
  const { path, ...fields } = newMessage({ path: (id) => `messages/00/${id}.json` })
  const { message, created } = await store.createMessage({ ...fields, path })

  expect(created).toBe(true)
  expect(message).toEqual({
    ...fields,
    id: 1,
    git_hash: null,
    is_synchronized: false,
    path: 'messages/00/1.json',
    file_id: 1,
  })
  expect(Object.keys(message).slice(0, 5)).toEqual(['id', 'uid', 'content', 'sender', 'timestamp'])
  expect(await store.findMessage(1)).toEqual(message)
  expect(await store.oldestChanges(10)).toEqual([{ sequence: 1, message }])
})

it('numbers calls made at the same time in their order, without gaps', async () => {
  await using store = await openTemporaryStore()
  const created = await Promise.all(Array.from({ length: 2_500 }, () => store.createMessage(newMessage())))
  expect(created.map(({ message }) => message.id)).toEqual(
    Array.from({ length: 2_500 }, (_, index) => index + 1),
  )

  const changes = await store.oldestChanges(1_000)
  expect(changes.map(({ message }) => message.id)).toEqual(changes.map(({ sequence }) => sequence))
})

it('fails only the caller whose uid is stored already or twice in the group', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage({ uid: 'stored' }))
  const results = await Promise.allSettled(
    ['new', 'stored', 'new', 'newer'].map((uid) => store.createMessage(newMessage({ uid }))),
  )
  expect(codes(results)).toEqual(['created', 'duplicate-uid', 'duplicate-uid', 'created'])
  expect((await store.listMessages()).map(({ id, uid }) => [id, uid])).toEqual([
    [3, 'newer'],
    [2, 'new'],
    [1, 'stored'],
  ])
})

it('fails only the caller whose path cannot be had', async () => {
  await using store = await openTemporaryStore()
  const broken = () => {
    throw new Error('no path')
  }
  const results = await Promise.allSettled([
    store.createMessage(newMessage({ path: broken })),
    store.createMessage(newMessage()),
    store.createMessage(newMessage({ path: () => '' })),
  ])
  expect(codes(results)).toEqual(['invalid-argument', 'created', 'invalid-argument'])
  expect((await store.listMessages()).map(({ id }) => id)).toEqual([1])
})

it('stores nothing for a caller whose signal aborts before its turn, and leaves no gap', async () => {
  await using store = await openTemporaryStore()
  const controller = new AbortController()
  const { signal } = controller
  const calls = [newMessage(), newMessage({ signal }), newMessage()].map(store.createMessage)
  controller.abort()
  expect(codes(await Promise.allSettled(calls))).toEqual(['created', 'aborted', 'created'])
  expect((await store.listMessages()).map(({ id }) => id)).toEqual([2, 1])
})

it('keeps what was stored before the signal aborts', async () => {
  await using store = await openTemporaryStore()
  const controller = new AbortController()
  const { message } = await store.createMessage(newMessage({ signal: controller.signal }))
  controller.abort()
  expect(await store.findMessage(message.id)).toEqual(message)
})

it('gives text back byte for byte', async () => {
  await using store = await openTemporaryStore()
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary' }),
      async (content, sender) => {
        const { message } = await store.createMessage(newMessage({ content, sender }))
        expect(await store.findMessage(message.id)).toMatchObject({ content, sender })
      },
    ),
    {
      examples: [
        ['a\0b', '\0'],
        ['\ufeff\r\n\u202e', '\u{10ffff}'],
        ['', ''],
      ],
      numRuns: 200,
    },
  )
})

describe('refuses what it could not give back as it is', () => {
  it.each([
    ['a content with half a character', { content: 'x\ud800y' }],
    ['a sender that is a number', { sender: 5 as unknown as string }],
    ['a sender that is missing', { sender: undefined as unknown as string }],
    ['an empty uid', { uid: '' }],
    ['a uid with NUL', { uid: 'a\0' }],
    ['a time without milliseconds', { timestamp: '2025-01-09T00:06:41Z' }],
    ['a time of another zone', { created_at: '2025-01-09T00:06:41.000+01:00' }],
    ['a day that does not exist', { updated_at: '2025-02-30T00:00:00.000Z' }],
    ['an empty idempotency key', { idempotency: { key: '', fingerprint: 'f' } }],
  ])('%s', async (_, overrides) => {
    await using store = await openTemporaryStore()
    await expect(store.createMessage(newMessage(overrides))).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })
})
