import { expect, it, vi } from 'vitest'
import { openFakePage } from '../../testing/fake-page.js'
import { createPager } from './pager.js'

const click = (button: EventTarget) => button.dispatchEvent(new Event('click'))

it('follows the next link and returns to the first page of the same list', () => {
  const { element } = openFakePage()
  const onTurn = vi.fn()
  const pager = createPager('messages?limit=2', onTurn)
  pager.showPage(2, '/messages?limit=2&before=7')
  expect(element('page-caption').textContent).toBe('2 on page 1')
  expect(element('first-page').getAttribute('aria-disabled')).toBe('true')

  click(element('next-page'))
  expect(pager.target()).toBe('messages?limit=2&before=7')
  pager.showPage(1, null)
  expect(element('page-caption').textContent).toBe('1 on page 2')
  expect(element('next-page').getAttribute('aria-disabled')).toBe('true')

  click(element('first-page'))
  expect(pager.target()).toBe('messages?limit=2')
  expect(onTurn).toHaveBeenCalledTimes(2)
})

it('stays on its own server whatever the next link points to', () => {
  const { element } = openFakePage()
  const pager = createPager('messages/1/thread', () => {})
  pager.showPage(1, 'https://evil.example/messages?before=7')
  click(element('next-page'))
  expect(pager.target()).toBe('messages/1/thread?before=7')
})

it('keeps the previous page if the next one cannot be fetched', () => {
  openFakePage()
  const pager = createPager('messages?limit=2', () => {})
  pager.showPage(2, '?limit=2&before=7')
  pager.startOver('messages?limit=0')
  pager.goBack()
  expect(pager.target()).toBe('messages?limit=2')
})

it('updates the page that is shown, while another one is on its way', () => {
  const { element } = openFakePage()
  const pager = createPager('messages?limit=2', () => {})
  pager.showPage(1, null)
  pager.startOver('messages/1/thread')
  pager.updatePage(2, '?limit=2&before=3')
  expect(element('page-caption').textContent).toBe('2 on page 1')
  pager.goBack()
  click(element('next-page'))
  expect(pager.target()).toBe('messages?limit=2&before=3')
})

it('shows no caption for an empty page', () => {
  const { element } = openFakePage()
  createPager('', () => {}).showPage(0, null)
  expect(element('page-caption').textContent).toBe('')
})

it('skips to the page of a thread that begins after a message', () => {
  const { element } = openFakePage()
  const pager = createPager('messages/61/thread', () => {})
  pager.showPage(50, '?after=50')
  pager.skipTo(60)
  expect(pager.target()).toBe('messages/61/thread?after=60')
  pager.showPage(2, null)
  expect(element('page-caption').textContent).toBe('2 on a later page')
  expect(pager.hasNext()).toBe(false)
  click(element('first-page'))
  expect(pager.target()).toBe('messages/61/thread')
})
