import { expect, it } from 'vitest'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { createResultItem } from './result-item.js'

it('is a link to the message in its thread, with what matches as marked text', () => {
  openFakePage()
  const snippet = [
    { text: 'a <b>', match: false },
    { text: '<i>', match: true },
  ]
  const item = createResultItem({ message: sampleMessage({ id: 7, topic: 'deploys' }), snippet })
  const link = item.firstElementChild as unknown as FakeElement
  expect(link.getAttribute('href')).toBe('#thread=7')
  const [head, text] = link.children
  expect(head?.textContent).toMatch(/^ada #7 .+ deploys$/)
  expect(text?.textContent).toBe('a <b><i>')
  expect(text?.children.map(({ tag, textContent }) => [tag, textContent])).toEqual([['mark', '<i>']])
})
