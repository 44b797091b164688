import { expect, it, vi } from 'vitest'
import type { Message } from '../../api/api-types.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { createMessageList } from './message-list.js'

const messageWith = (id: number, hash: string | null = null): Message => ({
  id,
  content: 'hello',
  sender: 'ada',
  timestamp: '2025-01-09T00:00:00.000Z',
  git_hash: hash,
  is_synchronized: hash !== null,
})
const HASH = '0123456789abcdef0123456789abcdef01234567'
const NO_REASONS = new Map<number, string>()

const openList = () => {
  const page = openFakePage()
  const announce = vi.fn()
  const rows = () => page.element('messages').content as FakeElement[]
  const ids = () => rows().map(({ dataset }) => Number(dataset.id))
  return { page, announce, rows, ids, list: createMessageList(announce) }
}

it('show() adds and removes rows, and keeps the elements of those that stay', () => {
  const { list, rows, ids, page } = openList()
  list.show([messageWith(2), messageWith(1)], NO_REASONS)
  const [second] = rows()
  list.show([messageWith(3), messageWith(2)], NO_REASONS)
  expect(ids()).toEqual([3, 2])
  expect(rows()[1]).toBe(second)
  expect(page.element('messages').getAttribute('aria-busy')).toBe('false')
})

it('show() moves the focus to the heading when the focused row is removed', () => {
  const { list, rows, page } = openList()
  list.show([messageWith(1)], NO_REASONS)
  page.document.activeElement = rows()[0]
  list.show([], NO_REASONS)
  expect(page.element('messages-heading').focus).toHaveBeenCalled()
})

it('show() marks a message in quarantine, with its reason', () => {
  const { list, rows } = openList()
  list.show([messageWith(1)], new Map([[1, 'The path is too long.']]))
  expect(rows()[0]?.dataset.state).toBe('quarantined')
  expect(rows()[0]?.part('reason')).toMatchObject({ textContent: 'The path is too long.', hidden: false })
})

it('show() announces a message that is now synchronized', () => {
  const { list, announce, rows } = openList()
  list.show([messageWith(1)], NO_REASONS)
  list.show([messageWith(1, HASH)], NO_REASONS)
  expect(announce.mock.calls).toEqual([['Message 1 is now in the repository, as commit 0123456']])
  expect(rows()[0]?.dataset).toMatchObject({ state: 'synchronized', hash: HASH })
})

it('show() announces several synchronized messages together', () => {
  const { list, announce } = openList()
  list.show([messageWith(2), messageWith(1)], NO_REASONS)
  list.show([messageWith(2, HASH), messageWith(1, HASH)], NO_REASONS)
  expect(announce.mock.calls).toEqual([['2 messages are now in the repository']])
})

it('prepend() adds a new message on top, and ignores one that the list has', () => {
  const { list, ids, rows } = openList()
  list.show([messageWith(1, HASH)], NO_REASONS)
  list.prepend(messageWith(2))
  list.prepend(messageWith(1))
  expect(ids()).toEqual([2, 1])
  expect(rows()[1]?.dataset.state).toBe('synchronized')
})
