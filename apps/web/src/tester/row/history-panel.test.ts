import { describe, expect, it, vi } from 'vitest'
import type { MessageVersion } from '../../api/api-types.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { openRowContext, success } from '../../testing/row-context.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { createHistoryPanel } from './history-panel.js'
import { describeChanges } from './version-item.js'

const version = (number: number, changes: Partial<MessageVersion> = {}): MessageVersion => ({
  version: number,
  content: `text ${number}`,
  format: 'plain',
  topic: null,
  updated_at: '2025-01-09T00:00:00.000Z',
  updated_by: null,
  git_hash: '0123456789abcdef0123456789abcdef01234567',
  is_synchronized: true,
  ...changes,
})

const openPanel = async (...pages: ReturnType<typeof success<MessageVersion[]>>[]) => {
  openFakePage()
  const history = vi.fn(async (_id: number, _search: string) => pages.shift() ?? success([]))
  const panel = createHistoryPanel(sampleMessage({ version: 3 }), openRowContext({ history }))
  const [list, , older] = (panel.element as unknown as FakeElement).content as FakeElement[]
  const texts = () => list?.content.map((item) => (item as FakeElement).textContent)
  await vi.waitFor(() => expect(texts()).not.toEqual([]))
  return { panel, history, older, texts }
}

it('shows each version with what it changed, and holds back the last one of a page', async () => {
  const { history, older, texts } = await openPanel(
    success([version(3, { updated_by: 'bob' }), version(2)], '?limit=10&before=2'),
    success([version(1)]),
  )
  expect(texts()).toEqual([expect.stringMatching(/^Version 3 .* by bob0123456text 23$/)])
  older?.click()
  await vi.waitFor(() => expect(texts()).toHaveLength(3))
  expect(texts()?.[1]).toMatch(/text 12$/)
  expect(texts()?.[2]).toMatch(/text 1$/)
  expect(older?.hidden).toBe(true)
  expect(history.mock.calls).toEqual([
    [1, '?limit=10', 'action'],
    [1, '?limit=10&before=2', 'action'],
  ])
})

it('loads the versions again when the message has changed', async () => {
  const { panel, history, texts } = await openPanel(
    success([version(1, { git_hash: null })]),
    success([version(1)]),
  )
  expect(texts()?.[0]).toContain('Pending')
  panel.update(sampleMessage({ version: 3 }))
  expect(history).toHaveBeenCalledTimes(1)
  panel.update(sampleMessage({ version: 3, git_hash: 'a' }))
  await vi.waitFor(() => expect(texts()?.[0]).toContain('0123456'))
})

describe('describeChanges()', () => {
  it('describes changes of the topic and the format', () => {
    expect(describeChanges(version(2, { topic: 'a', format: 'markdown' }), version(1))).toEqual([
      'Topic: none → a',
      'Format: plain → markdown',
    ])
  })

  it('returns nothing for the first version', () => {
    expect(describeChanges(version(1, { topic: 'a' }), null)).toEqual([])
  })
})
