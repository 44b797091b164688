import { describe, expect, it } from 'vitest'
import { newDetails } from '../testing/fake-socket.js'
import { createMessageWindow, type LoadedPages } from './message-window.js'

const contents = (window: ReturnType<typeof createMessageWindow>) =>
  window.list().map(({ content }) => content)
const pages = (position: number, ids: readonly number[], floor = 0): LoadedPages => ({
  ...{ position, floor },
  messages: ids.map((id) => newDetails(id, { content: `${id} of a page` })),
})

describe('a window of messages', () => {
  it('replaces a message only by one of a higher position', () => {
    const window = createMessageWindow(null, 10)
    window.replace(pages(5, [1]))
    for (const position of [4, 5])
      window.apply([newDetails(position, { uid: 'uid-1', id: 1, content: 'old' })])
    expect(contents(window)).toEqual(['1 of a page'])
    window.apply([newDetails(6, { uid: 'uid-1', id: 1, content: 'new' })])
    expect(contents(window)).toEqual(['new'])
  })

  it('shows what changed while pages were read, if it is newer than they are', () => {
    const window = createMessageWindow(null, 10)
    window.beginLoad()
    window.apply([newDetails(4, { uid: 'uid-1', id: 1, content: 'older than the page' })])
    window.apply([newDetails(8, { uid: 'uid-2', id: 2, content: null, deleted: true })])
    window.apply([newDetails(9, { uid: 'uid-3', id: 3, content: 'posted' })])
    window.replace(pages(5, [2, 1]))
    window.endLoad()
    expect(contents(window)).toEqual(['posted', '1 of a page'])
  })

  it('has no deleted message, no reaction, none below its floor and none of another topic', () => {
    const window = createMessageWindow(['a'], 10)
    window.replace(pages(5, [], 3))
    window.apply([
      newDetails(6, { id: 6, topic: 'a', content: 'shown' }),
      newDetails(7, { id: 7, topic: 'b' }),
      newDetails(8, { id: 8 }),
      newDetails(9, { id: 9, topic: 'a', deleted: true, content: null }),
      newDetails(10, { id: 10, topic: 'a', format: 'reaction' }),
      newDetails(11, { id: 2, topic: 'a' }),
    ])
    expect(contents(window)).toEqual(['shown'])
    window.apply([newDetails(12, { uid: 'uid-6', id: 6, topic: 'b' })])
    expect(contents(window)).toEqual([])
  })

  it('takes any position after the positions of another epoch are forgotten', () => {
    const window = createMessageWindow(null, 10)
    window.replace(pages(50, [1]))
    window.forgetPositions()
    window.apply([newDetails(1, { content: 'of the new epoch' })])
    expect(contents(window)).toEqual(['of the new epoch'])
  })

  it('is the same array until it changes', () => {
    const window = createMessageWindow(null, 10)
    window.replace(pages(5, [2, 1]))
    const list = window.list()
    window.apply([newDetails(3, { uid: 'uid-1', id: 1 })])
    expect(window.list()).toBe(list)
    window.apply([newDetails(6, { uid: 'uid-1', id: 1 })])
    expect(window.list()).not.toBe(list)
  })
})
