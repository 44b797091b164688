import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPager } from './pager.js'

class FakeElement {
  textContent = ''
  disabled = false
  click = () => {}
  scrollIntoView = vi.fn()
  addEventListener = (_type: 'click', listener: () => void) => {
    this.click = listener
  }
  getAttribute = () => (this.disabled ? 'true' : null)
  setAttribute = () => {
    this.disabled = true
  }
  removeAttribute = () => {
    this.disabled = false
  }
}

let elements: Record<string, FakeElement>
const elementOf = (id: string) => {
  elements[id] ??= new FakeElement()
  return elements[id]
}

beforeEach(() => {
  elements = {}
  vi.stubGlobal('HTMLElement', FakeElement)
  vi.stubGlobal('HTMLButtonElement', FakeElement)
  vi.stubGlobal('document', { baseURI: 'http://localhost/gitmsg/', getElementById: elementOf })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

it('follows the next link and returns to the newest page of the same query', () => {
  const onTurn = vi.fn()
  const pager = createPager('?limit=2', onTurn)
  pager.showPage(2, '/messages?limit=2&before=7')
  expect(elementOf('page-caption').textContent).toBe('2 on page 1')
  expect(elementOf('newest-page').disabled).toBe(true)

  elementOf('next-page').click()
  expect([pager.search(), pager.isNewest()]).toEqual(['?limit=2&before=7', false])
  pager.showPage(1, null)
  expect(elementOf('page-caption').textContent).toBe('1 on page 2')
  expect(elementOf('next-page').disabled).toBe(true)

  elementOf('newest-page').click()
  expect([pager.search(), pager.isNewest()]).toEqual(['?limit=2', true])
  expect(onTurn).toHaveBeenCalledTimes(2)
})

it('stays on its own server whatever the next link points to', () => {
  const pager = createPager('', () => {})
  pager.showPage(1, 'https://evil.example/messages?before=7')
  elementOf('next-page').click()
  expect(pager.search()).toBe('?before=7')
})

it('keeps the previous page if the next one cannot be fetched', () => {
  const pager = createPager('?limit=2', () => {})
  pager.showPage(2, '?limit=2&before=7')
  pager.startOver('?limit=0')
  pager.goBack()
  expect(pager.search()).toBe('?limit=2')
})

it('shows no caption for an empty page', () => {
  createPager('', () => {}).showPage(0, null)
  expect(elementOf('page-caption').textContent).toBe('')
})
