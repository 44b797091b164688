import { expect, it } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { showDiff } from './show-diff.js'

it('showDiff() marks additions and removals as such, and all of them as text', () => {
  const element = openFakePage().element('diff')
  showDiff(element as unknown as HTMLElement, 'one <b>two', 'one <i>two')
  expect(element.content).toMatchObject([
    'one <',
    { tag: 'del', textContent: 'b' },
    { tag: 'ins', textContent: 'i' },
    '>two',
  ])
})
