import { expect, it, vi } from 'vitest'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { openRowContext } from '../../testing/row-context.js'
import { sampleMessage, synchronizedMessage } from '../../testing/sample-message.js'
import { createMessageList } from './message-list.js'

const NO_FACTS = { reasons: new Map<number, string>(), parents: new Map() }

const openList = () => {
  const page = openFakePage()
  const context = openRowContext()
  const rows = () => page.element('messages').content as FakeElement[]
  const ids = () => rows().map(({ dataset }) => Number(dataset.id))
  const news = { arrived: vi.fn(), synchronized: vi.fn(), clear: vi.fn() }
  return { page, news, rows, ids, list: createMessageList(context, news) }
}
const messages = (...ids: number[]) => ids.map((id) => sampleMessage({ id }))

it('show() adds and removes rows, and keeps the elements of those that stay', () => {
  const { list, rows, ids, page } = openList()
  list.show(messages(2, 1), NO_FACTS)
  const [second] = rows()
  list.show(messages(3, 2), NO_FACTS)
  expect(ids()).toEqual([3, 2])
  expect(rows()[1]).toBe(second)
  expect(page.element('messages').getAttribute('aria-busy')).toBe('false')
})

it('show() follows the order of the messages, which is another one in a thread', () => {
  const { list, ids } = openList()
  list.show(messages(3, 2, 1), NO_FACTS)
  list.show(messages(1, 2, 3), NO_FACTS)
  expect(ids()).toEqual([1, 2, 3])
})

it('show() moves the focus to the heading when the focused row is removed', () => {
  const { list, rows, page } = openList()
  list.show(messages(1), NO_FACTS)
  page.document.activeElement = rows()[0]
  list.show([], NO_FACTS)
  expect(page.element('messages-heading').focus).toHaveBeenCalled()
})

it('show() keeps a row with an unsaved edit, and clear() does not', () => {
  const { list, rows, ids } = openList()
  list.show(messages(2, 1), NO_FACTS)
  rows()[1]?.part('edit').click()
  list.show(messages(3), NO_FACTS)
  expect(ids()).toEqual([3, 1])
  list.clear()
  expect(ids()).toEqual([])
})

it('show() marks a message in quarantine, with its reason', () => {
  const { list, rows } = openList()
  list.show(messages(1), { ...NO_FACTS, reasons: new Map([[1, 'The path is too long.']]) })
  expect(rows()[0]?.dataset.state).toBe('quarantined')
  expect(rows()[0]?.part('reason')).toMatchObject({ textContent: 'The path is too long.', hidden: false })
})

it('show() names the message that another one replies to', () => {
  const { list, rows } = openList()
  const [first] = messages(1)
  const parents = new Map([[first?.uid ?? '', { id: 1, sender: 'bob' }]])
  list.show([sampleMessage({ id: 2, reply_to: first?.uid ?? '' })], { ...NO_FACTS, parents })
  expect(rows()[0]?.part('parent').textContent).toBe('bob #1')
  expect(rows()[0]?.part('reply-link').getAttribute('href')).toBe('#thread=1')
})

it('show() reports the messages that are synchronized now as news, once', () => {
  const { list, news, rows } = openList()
  list.show(messages(2, 1), NO_FACTS)
  const synchronized = synchronizedMessage()
  list.show([synchronized], NO_FACTS)
  list.show([synchronized], NO_FACTS)
  expect(news.synchronized.mock.calls).toEqual([[[]], [[synchronized]], [[]]])
  expect(rows()[0]?.dataset).toMatchObject({ state: 'synchronized', hash: synchronized.git_hash })
})

it('mark() marks one message and scrolls to it', () => {
  const { list, rows } = openList()
  list.show(messages(2, 1), NO_FACTS)
  expect(list.mark('1')).toBe(true)
  expect(rows().map((row) => row.getAttribute('data-marked'))).toEqual([null, ''])
  expect(rows()[1]?.scrollIntoView).toHaveBeenCalled()
  expect(rows()[1]?.focus).not.toHaveBeenCalled()
  expect(list.mark('3')).toBe(false)
  list.mark(null)
  expect(rows()[1]?.getAttribute('data-marked')).toBeNull()
})

it('mark() takes the focus from the heading to the message', () => {
  const { list, rows, page } = openList()
  list.show(messages(2, 1), NO_FACTS)
  page.document.activeElement = page.element('messages-heading')
  list.mark('1')
  expect(rows()[1]?.focus).toHaveBeenCalled()
})
