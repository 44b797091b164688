import { expect, it } from 'vitest'
import { httpError, success } from '../../testing/row-context.js'
import { detailedMessage, sampleMessage } from '../../testing/sample-message.js'
import { createParents } from './parents.js'

const { signal } = new AbortController()

const openParents = (status = 200) => {
  const requested: (number | string)[] = []
  const parents = createParents({
    async message(key) {
      requested.push(key)
      const value = detailedMessage(1, { id: 9, uid: String(key), sender: 'bob' })
      return status === 200 ? success(value) : httpError(status, 'code')
    },
  })
  return { parents, requested }
}

it('knows the messages that were on a page, and requests each other one once', async () => {
  const { parents, requested } = openParents()
  const first = sampleMessage()
  const page = [
    first,
    sampleMessage({ id: 2, reply_to: first.uid }),
    sampleMessage({ id: 3, reply_to: 'far' }),
  ]
  const found = await parents.of(page, signal)
  expect(found.get(first.uid)).toEqual({ id: 1, sender: 'ada' })
  expect(found.get('far')).toEqual({ id: 9, sender: 'bob' })
  await parents.of(page, signal)
  expect(requested).toEqual(['far'])
})

it.each([
  [410, 1, true],
  [503, 2, false],
])('remembers a message that is deleted, but not one that failed: %s', async (status, requests, known) => {
  const { parents, requested } = openParents(status)
  const page = [sampleMessage({ reply_to: 'far' })]
  await parents.of(page, signal)
  expect((await parents.of(page, signal)).has('far')).toBe(known)
  expect(requested).toHaveLength(requests)
})

it('requests at most 20 messages per poll', async () => {
  const { parents, requested } = openParents()
  await parents.of(
    Array.from({ length: 30 }, (_, id) => sampleMessage({ id, reply_to: `far ${id}` })),
    signal,
  )
  expect(requested).toHaveLength(20)
})
