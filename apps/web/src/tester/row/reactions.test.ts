import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../../api/api-client.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { httpError, openRowContext, success } from '../../testing/row-context.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { createReactions } from './reactions.js'

const message = sampleMessage({ reactions: { '👍': ['ada', 'bob'], '🎉': ['bob'] } })

const openReactions = (client: Partial<ApiClient> = {}, sender = 'ada') => {
  const row = openFakePage().element('row')
  const context = openRowContext(client, sender)
  const reactions = createReactions(row as unknown as HTMLElement, context)
  reactions.update(message)
  const chips = () => row.part('reactions').content.map((item) => (item as FakeElement).firstElementChild)
  return { row, context, reactions, chips }
}

it('counts reactions, names their senders and marks the own one', () => {
  const { chips } = openReactions()
  expect(chips().map((chip) => [chip?.textContent, chip?.getAttribute('aria-pressed'), chip?.title])).toEqual(
    [
      ['👍 2', 'true', 'ada, bob'],
      ['🎉 1', 'false', 'bob'],
    ],
  )
})

it('updates the same elements, and removes reactions that were taken back', () => {
  const { reactions, chips, row } = openReactions()
  const [first] = chips()
  reactions.update(sampleMessage({ reactions: { '👍': ['bob'] } }))
  expect(chips()).toEqual([first])
  expect(first?.textContent).toBe('👍 1')
  reactions.update(sampleMessage())
  expect(row.part('reactions').hidden).toBe(true)
})

it('adds a reaction', async () => {
  const send = vi.fn(async () => success({ status: 'success' as const, message_id: 2 }))
  const { context, chips } = openReactions({ send })
  chips()[1]?.click()
  await vi.waitFor(() => expect(context.onChanged).toHaveBeenCalled())
  const draft = { content: '🎉', sender: 'ada', format: 'reaction', reply_to: 1 }
  expect(send).toHaveBeenCalledWith(draft, expect.any(String))
})

it('takes back the own reaction by deleting its message', async () => {
  const own = sampleMessage({ id: 7, content: '👍' })
  const search = vi.fn(async () => success([sampleMessage({ id: 8, content: '❤️' }), own]))
  const remove = vi.fn(async () => success(null))
  const { context, chips } = openReactions({ reactions: search, remove })
  chips()[0]?.click()
  await vi.waitFor(() => expect(context.onChanged).toHaveBeenCalled())
  expect(search).toHaveBeenCalledWith(message.uid, 'ada')
  expect(remove).toHaveBeenCalledWith(own)
})

it('asks for a sender first', async () => {
  const { context, reactions } = openReactions({}, '')
  await reactions.toggle('👍')
  expect(context.askForSender).toHaveBeenCalled()
})

it('shows why a reaction was rejected', async () => {
  const { row, reactions } = openReactions({ send: async () => httpError(422, 'invalid') })
  await reactions.toggle('abc')
  expect(row.part('problem')).toMatchObject({ textContent: 'Not done: invalid.', hidden: false })
})
