import { expect, it } from 'vitest'
import { openFakePage } from '../../testing/fake-page.js'
import { createEmptyState } from './empty-state.js'

it('offers a command that posts a first message to this server', () => {
  const { element } = openFakePage()
  createEmptyState('http://localhost/gitmsg/', () => {})
  expect(element('first-command').textContent).toContain('curl --include http://localhost/gitmsg/messages')
})

it.each([
  [false, false, { noMessages: true, noMatches: true }],
  [true, false, { noMessages: false, noMatches: true }],
  [true, true, { noMessages: true, noMatches: false }],
])('hides what does not apply: empty %s, filtered %s: %o', (empty, filtered, hidden) => {
  const { element } = openFakePage()
  createEmptyState('http://localhost/', () => {}).show(empty, filtered)
  expect({ noMessages: element('no-messages').hidden, noMatches: element('no-matches').hidden }).toEqual(
    hidden,
  )
})
