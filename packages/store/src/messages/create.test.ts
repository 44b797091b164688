import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

it('createMessage() and findMessage() return the fields in the order in which the API shows them', async () => {
  await using store = await openTemporaryStore()
  const { message } = await store.createMessage(newMessage())
  expect(Object.keys(message).slice(0, 5)).toEqual(['id', 'uid', 'content', 'sender', 'timestamp'])
  expect(Object.keys((await store.findMessage(1)) ?? {})).toEqual(Object.keys(message))
})

const text = (maxLength: number) =>
  fc.string({ unit: 'binary', maxLength }).filter((value) => !value.includes('\0'))

it('createMessage() stores any text byte for byte', async () => {
  await using store = await openTemporaryStore()
  await fc.assert(
    fc.asyncProperty(text(300), text(50), async (content, sender) => {
      const { message } = await store.createMessage(newMessage({ content, sender }))
      expect(await store.findMessage(message.id)).toMatchObject({ content, sender })
    }),
    {
      examples: [
        ['\ufeff\r\n\u202e', '\u{10ffff}'],
        ['', ''],
      ],
      numRuns: 200,
    },
  )
})
