import { expect, it, vi } from 'vitest'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { httpError, success } from '../../testing/row-context.js'
import { createTopicList } from './topic-list.js'

const topic = (name: string) => ({ topic: name, messages: 2, last_at: '2025-01-09T00:00:00.000Z' })

const openList = (topics: Parameters<typeof createTopicList>[0]['topics']) => {
  const page = openFakePage()
  const list = createTopicList({ topics })
  const open = () => {
    page.element('topics').open = true
    page.element('topics').dispatchEvent(new Event('toggle'))
  }
  const names = () =>
    page
      .element('topic-list')
      .content.map((item) => (item as FakeElement).firstElementChild?.getAttribute('href'))
  return { ...page, list, open, names }
}

it('loads the topics when it is opened, and more on demand', async () => {
  const pages = [success([topic('a b')], '?before=x'), success([topic('c')])]
  const topics = vi.fn(async () => pages.shift() ?? success([]))
  const { element, open, names } = openList(topics)
  expect(topics).not.toHaveBeenCalled()
  open()
  await vi.waitFor(() => expect(names()).toEqual(['#topic=a+b']))
  element('more-topics').click()
  await vi.waitFor(() => expect(names()).toEqual(['#topic=a+b', '#topic=c']))
  expect(topics.mock.calls).toEqual([
    ['', 'action'],
    ['?before=x', 'action'],
  ])
  expect(element('more-topics').hidden).toBe(true)
  expect(element('topics-note').hidden).toBe(true)
})

it('suggests topics when a field for one is focused', async () => {
  const { element, document } = openList(async () => success([topic('a')]))
  const field = Object.assign(element('topic'), { name: 'topic' })
  const focus = Object.defineProperty(new Event('focusin'), 'target', { value: field })
  ;(document as unknown as EventTarget).dispatchEvent(focus)
  await vi.waitFor(() => expect(element('topic-names').content).toHaveLength(1))
})

it('tells when there are none, and why they cannot be loaded', async () => {
  const results = [success([]), httpError(503, 'busy')]
  const { element, open } = openList(async () => results.shift() ?? success([]))
  open()
  await vi.waitFor(() => expect(element('topics-note').textContent).toBe('No message has a topic yet.'))
  open()
  await vi.waitFor(() => expect(element('topics-note').textContent).toBe('busy.'))
})
