import { describe, expect, it } from 'vitest'
import { loadMarkdown } from '../../markdown/load-markdown.js'
import { openFakePage } from '../../testing/fake-page.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { beginningOf, createMessageContent, isLong } from './message-content.js'

const openContent = () => {
  const row = openFakePage().element('row')
  const content = createMessageContent(row as unknown as HTMLElement)
  return { part: (name: string) => row.part(name), content, text: () => row.part('content').textContent }
}

describe('isLong()', () => {
  it('returns false for a few lines', () => expect(isLong('one\ntwo\nthree')).toBe(false))
  it('returns true for many lines', () => expect(isLong('\n'.repeat(10))).toBe(true))
  it('returns true for one very long line', () => expect(isLong('a'.repeat(801))).toBe(true))
})

describe('beginningOf()', () => {
  it('returns a short text whole', () => expect(beginningOf('one\ntwo')).toBe('one\ntwo'))
  it('ends with a line if it can', () => {
    expect(beginningOf(`${'a'.repeat(3000)}\n${'b'.repeat(3000)}`)).toBe('a'.repeat(3000))
    expect(beginningOf('a'.repeat(9000))).toHaveLength(4000)
  })
})

it('shows Markdown as elements, and its source on demand', async () => {
  const { part, content, text } = openContent()
  await loadMarkdown()
  content.update(sampleMessage({ format: 'markdown', content: '**bold**' }))
  expect(text()).toBe('bold')
  expect(part('source').hidden).toBe(false)
  part('source').click()
  expect(text()).toBe('**bold**')
  expect(part('source').getAttribute('aria-pressed')).toBe('true')
  part('source').click()
  expect(text()).toBe('bold')
})

it('shows the source of Markdown that cannot be shown whole', async () => {
  const { content, text } = openContent()
  await loadMarkdown()
  content.update(sampleMessage({ format: 'markdown', content: '[a]: https://a.example' }))
  expect(text()).toBe('[a]: https://a.example')
})

it('does not touch a content that is the same, so that selections survive', () => {
  const { part, content } = openContent()
  content.update(sampleMessage())
  const nodes = part('content').content
  content.update(sampleMessage({ git_hash: 'a', is_synchronized: true }))
  expect(part('content').content).toBe(nodes)
})

it('renders only the beginning of a long text until the user expands it', async () => {
  const { part, content, text } = openContent()
  await loadMarkdown()
  content.update(sampleMessage({ format: 'markdown', content: `${'a\n\n'.repeat(3000)}the end` }))
  expect(text()).not.toContain('the end')
  part('show-all').click()
  expect(text()).toContain('the end')
})
