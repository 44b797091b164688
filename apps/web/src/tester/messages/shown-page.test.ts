import { expect, it, vi } from 'vitest'
import type { Message, MessageDetails } from '../../api/api-types.js'
import { detailedMessage, sampleMessage } from '../../testing/sample-message.js'
import type { ListPage } from '../live/list-page.js'
import { createShownPage } from './shown-page.js'

const TARGET = 'messages?limit=2'
const pageOf = (position: number, messages: Message[], next: string | null = null): ListPage => ({
  ...{ target: TARGET, messages, next },
  ...{ position: { epoch: 'e', position }, isWhole: true },
})
const { signal } = new AbortController()

const openShownPage = () => {
  const shown: string[][] = []
  const list = {
    show: vi.fn((messages: readonly Message[]) => {
      shown.push(messages.map(({ id, content }) => `${id} ${content}`))
    }),
    clear: vi.fn(),
  }
  const parts = {
    list,
    emptyState: { show: vi.fn() },
    pager: { showPage: vi.fn(), updatePage: vi.fn() },
    parents: { of: vi.fn(async () => new Map()) },
    quarantine: { reasonsAmong: vi.fn(async () => new Map<number, string>()), learn: vi.fn() },
    news: { arrived: vi.fn() },
    sender: () => 'ada',
    nextPaint: vi.fn(async () => {}),
    onIncomplete: vi.fn(),
  }
  const page = createShownPage(parts)
  const change = (...messages: MessageDetails[]) => page.change({ epoch: 'e', messages })
  const fetched = async (found: ListPage) => {
    const load = page.load()
    await load.show(found, { quarantined: 1, signal })
    load.end()
  }
  return { ...parts, page, shown, change, fetched }
}

it('shows a page that was fetched, with what is known about its messages', async () => {
  const { fetched, shown, pager, emptyState, quarantine } = openShownPage()
  await fetched(pageOf(1, [sampleMessage()], '?limit=2&before=1'))
  expect(shown).toEqual([['1 hello']])
  expect(pager.showPage).toHaveBeenCalledWith(1, '?limit=2&before=1')
  expect(emptyState.show).toHaveBeenCalledWith(false, false)
  expect(quarantine.reasonsAmong).toHaveBeenCalledWith([sampleMessage()], 1, signal)
})

it.each([
  [TARGET, false],
  ['messages?limit=10&sender=bob', true],
])('tells an empty list from a filtered one: %s', async (target, filtered) => {
  const { fetched, emptyState } = openShownPage()
  await fetched({ ...pageOf(1, []), target })
  expect(emptyState.show).toHaveBeenCalledWith(true, filtered)
})

it('shows nothing once the load is aborted', async () => {
  const { page, shown, pager } = openShownPage()
  await page.load().show(pageOf(1, [sampleMessage()]), { quarantined: 0, signal: AbortSignal.abort() })
  expect(shown).toEqual([])
  expect(pager.showPage).not.toHaveBeenCalled()
})

it('change() shows what has changed, and reports new messages of other senders', async () => {
  const { fetched, change, shown, pager, news, quarantine } = openShownPage()
  await fetched(pageOf(1, [sampleMessage()]))
  const arrived = detailedMessage(2, { id: 2, sender: 'bob' })
  await change(arrived)
  await change(detailedMessage(3, { id: 1, content: 'edited', version: 2 }))
  await change(detailedMessage(4, { id: 3, content: 'own' }))
  expect(shown.slice(1)).toEqual([
    ['2 hello', '1 hello'],
    ['2 hello', '1 edited'],
    ['3 own', '2 hello'],
  ])
  expect(pager.updatePage).toHaveBeenLastCalledWith(2, '?limit=2&before=2')
  expect(news.arrived.mock.calls).toEqual([[[arrived]], [[]], [[]]])
  expect(quarantine.learn).toHaveBeenCalledTimes(3)
})

it('change() shows nothing if nothing of the page has changed, or before there is one', async () => {
  const { fetched, change, shown, news } = openShownPage()
  await change(detailedMessage(9))
  await fetched(pageOf(9, [sampleMessage()]))
  await change(detailedMessage(9, { content: 'as it was fetched' }))
  expect(shown).toEqual([['1 hello']])
  expect(news.arrived).not.toHaveBeenCalled()
})

it('shows a page that was read before the last changes with those changes', async () => {
  const { page, fetched, change, shown } = openShownPage()
  await fetched(pageOf(1, [sampleMessage()]))
  const load = page.load()
  await change(detailedMessage(2, { content: 'second' }), detailedMessage(3, { id: 2 }))
  await load.show(pageOf(2, [sampleMessage({ content: 'second as read' })]), { quarantined: 0, signal })
  load.end()
  expect(shown.at(-1)).toEqual(['2 hello', '1 second as read'])
})

it('asks for the page once if only the server knows how it is now, and not while one is on its way', async () => {
  const { page, fetched, change, shown, onIncomplete } = openShownPage()
  const both = [sampleMessage({ id: 9 }), sampleMessage({ id: 8 })]
  await fetched(pageOf(1, both, '?limit=2&before=8'))
  await change(detailedMessage(2, { id: 8, content: null, deleted: true }))
  await change(detailedMessage(3, { id: 9, content: null, deleted: true }))
  expect(shown.slice(1)).toEqual([['9 hello'], []])
  expect(onIncomplete).toHaveBeenCalledTimes(1)
  expect(page.isWhole()).toBe(false)

  await fetched(pageOf(3, both, '?limit=2&before=8'))
  expect(page.isWhole()).toBe(true)
  const load = page.load()
  await change(detailedMessage(4, { id: 9, content: null, deleted: true }))
  load.end()
  expect(onIncomplete).toHaveBeenCalledTimes(1)
})

it('shows all changes before a paint at once', async () => {
  const { fetched, change, shown } = openShownPage()
  await fetched(pageOf(1, []))
  await Promise.all([2, 3, 4].map((position) => change(detailedMessage(position, { id: position }))))
  expect(shown).toEqual([[], ['4 hello', '3 hello']])
})

it('update() shows the page again, with the version that the user has saved', async () => {
  const { page, fetched, change, shown } = openShownPage()
  await fetched(pageOf(1, [sampleMessage()]))
  await page.update()
  await page.update(detailedMessage(3, { content: 'saved', version: 2 }))
  await change(detailedMessage(2, { content: 'older' }))
  expect(shown.slice(1)).toEqual([['1 hello'], ['1 saved']])
})

it('clear() forgets the page', async () => {
  const { page, fetched, change, shown, list } = openShownPage()
  await fetched(pageOf(1, [sampleMessage()]))
  const changing = change(detailedMessage(2, { id: 2 }))
  page.clear()
  await changing
  await change(detailedMessage(3, { id: 3 }))
  expect(list.clear).toHaveBeenCalled()
  expect(shown).toEqual([['1 hello']])
})
