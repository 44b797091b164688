import { expect, it } from 'vitest'
import { success } from '../../testing/row-context.js'
import { detailedMessage, sampleMessage } from '../../testing/sample-message.js'
import { createQuarantine } from './quarantine.js'

const messageWith = (id: number, synchronized = false) => sampleMessage({ id, is_synchronized: synchronized })
const QUARANTINED = { state: 'quarantined', reason: 'too long' } as const
const { signal } = new AbortController()

const openQuarantine = (quarantinedId: number) => {
  const requested: number[] = []
  const quarantine = createQuarantine({
    async message(key) {
      const id = Number(key)
      requested.push(id)
      return success(detailedMessage(1, { id, ...(id === quarantinedId && { sync: QUARANTINED }) }))
    },
  })
  return { quarantine, requested }
}

it('requests nothing while the quarantine is empty', async () => {
  const { quarantine, requested } = openQuarantine(2)
  expect(await quarantine.reasonsAmong([messageWith(2)], 0, signal)).toEqual(new Map())
  expect(requested).toEqual([])
})

it('finds the reasons of pending messages, and requests each only once', async () => {
  const { quarantine, requested } = openQuarantine(2)
  const messages = [messageWith(3), messageWith(2), messageWith(1, true)]
  expect(await quarantine.reasonsAmong(messages, 1, signal)).toEqual(new Map([[2, 'too long']]))
  await quarantine.reasonsAmong(messages, 1, signal)
  expect(requested).toEqual([3, 2])
})

it('requests all messages again when the number in quarantine changes', async () => {
  const { quarantine, requested } = openQuarantine(2)
  await quarantine.reasonsAmong([messageWith(2)], 1, signal)
  await quarantine.reasonsAmong([messageWith(2)], 2, signal)
  expect(requested).toEqual([2, 2])
})

it('requests at most 20 messages per poll, the oldest first', async () => {
  const { quarantine, requested } = openQuarantine(0)
  const messages = Array.from({ length: 30 }, (_, index) => messageWith(30 - index))
  await quarantine.reasonsAmong(messages, 1, signal)
  expect(requested).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index))
})

it('requests no message of which it has learned', async () => {
  const { quarantine, requested } = openQuarantine(0)
  await quarantine.reasonsAmong([], 1, signal)
  quarantine.learn([detailedMessage(1, { id: 2, sync: QUARANTINED }), detailedMessage(2, { id: 3 })])
  const messages = [messageWith(3), messageWith(2)]
  expect(await quarantine.reasonsAmong(messages, 1, signal)).toEqual(new Map([[2, 'too long']]))
  quarantine.learn([detailedMessage(3, { id: 2 })])
  expect(await quarantine.reasonsAmong(messages, 1, signal)).toEqual(new Map())
  expect(requested).toEqual([])
})
