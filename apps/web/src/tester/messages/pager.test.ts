import { expect, it, vi } from 'vitest'
import { openFakePage } from '../../testing/fake-page.js'
import { createPager } from './pager.js'

const click = (button: EventTarget) => button.dispatchEvent(new Event('click'))

it('follows the next link and returns to the newest page of the same query', () => {
  const { element } = openFakePage()
  const onTurn = vi.fn()
  const pager = createPager('?limit=2', onTurn)
  pager.showPage(2, '/messages?limit=2&before=7')
  expect(element('page-caption').textContent).toBe('2 on page 1')
  expect(element('newest-page').getAttribute('aria-disabled')).toBe('true')

  click(element('next-page'))
  expect([pager.search(), pager.isNewest()]).toEqual(['?limit=2&before=7', false])
  pager.showPage(1, null)
  expect(element('page-caption').textContent).toBe('1 on page 2')
  expect(element('next-page').getAttribute('aria-disabled')).toBe('true')

  click(element('newest-page'))
  expect([pager.search(), pager.isNewest()]).toEqual(['?limit=2', true])
  expect(onTurn).toHaveBeenCalledTimes(2)
})

it('stays on its own server whatever the next link points to', () => {
  const { element } = openFakePage()
  const pager = createPager('', () => {})
  pager.showPage(1, 'https://evil.example/messages?before=7')
  click(element('next-page'))
  expect(pager.search()).toBe('?before=7')
})

it('keeps the previous page if the next one cannot be fetched', () => {
  openFakePage()
  const pager = createPager('?limit=2', () => {})
  pager.showPage(2, '?limit=2&before=7')
  pager.startOver('?limit=0')
  pager.goBack()
  expect(pager.search()).toBe('?limit=2')
})

it('shows no caption for an empty page', () => {
  const { element } = openFakePage()
  createPager('', () => {}).showPage(0, null)
  expect(element('page-caption').textContent).toBe('')
})
