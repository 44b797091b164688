import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openFakePage } from '../../testing/fake-page.js'
import { createView, titleOf } from './view.js'

const location = { hash: '' }
const history = { replaceState: vi.fn() }
const page = new EventTarget()

const openView = (hash = '') => {
  const { element } = openFakePage()
  vi.stubGlobal('location', location)
  vi.stubGlobal('history', history)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  location.hash = hash
  const onGo = vi.fn()
  const view = createView(onGo)
  const follow = (target: string) => {
    location.hash = target
    page.dispatchEvent(new Event('hashchange'))
  }
  return { element, view, onGo, follow }
}

beforeEach(() => {
  history.replaceState.mockReset()
})

describe('createView()', () => {
  it('starts at the place in the URL', () => {
    const { element, view } = openView('#thread=3')
    expect(view.place()).toEqual({ kind: 'thread', key: '3' })
    expect(element('messages-heading').textContent).toBe('Thread of message 3')
    expect(element('all-messages').hidden).toBe(false)
    expect(element('retrieve').hidden).toBe(true)
  })

  it('goes where a link leads, and moves the focus to the heading', () => {
    const { element, onGo, follow } = openView()
    follow('#topic=deploys')
    expect(onGo).toHaveBeenCalledWith({ kind: 'topic', topic: 'deploys' })
    expect(element('messages-heading').textContent).toBe('Topic deploys')
    expect(element('messages-heading').focus).toHaveBeenCalled()
    follow('#messages')
    expect(element('all-messages').hidden).toBe(true)
  })

  it('stays where it is when a link leads to a section of the page', () => {
    const { view, onGo, follow } = openView('#thread=3')
    follow('#sync-section')
    expect(onGo).not.toHaveBeenCalled()
    expect(view.place()).toEqual({ kind: 'thread', key: '3' })
  })

  it('replaces the place in the URL without going there', () => {
    const { view, onGo } = openView()
    view.replace({ kind: 'topic', topic: 'a b' })
    expect(history.replaceState).toHaveBeenCalledWith(null, '', '#topic=a+b')
    expect(onGo).not.toHaveBeenCalled()
  })
})

it('titleOf() does not show a uid', () => {
  expect(titleOf({ kind: 'thread', key: '0193a5c2-7b1e-7000-8000-000000000000' })).toBe('Thread')
})
