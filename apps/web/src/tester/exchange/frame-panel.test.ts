import { expect, it, vi } from 'vitest'
import type { Frame } from '../../api/frames.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { createFramePanel } from './frame-panel.js'

const frame = (type: string, changes: Partial<Frame> = {}): Frame => ({
  ...{ way: 'received', type, json: `{"type":"${type}"}`, at: new Date(2025, 0, 9, 9, 12, 1, 23) },
  ...changes,
})
const closed = (type: string) => frame(type, { way: 'closed', json: '' })

const openPanel = () => {
  const page = openFakePage()
  const rows = () => page.element('frames').content as FakeElement[]
  const texts = () => rows().map(({ textContent }) => textContent)
  const detailsOf = (index: number) => rows()[index]?.firstElementChild as FakeElement
  const nextPaint = vi.fn(async () => {})
  const panel = createFramePanel(nextPaint)
  /** Shows frames, and resolves when they are painted. */
  const show = async (...frames: Frame[]) => {
    frames.forEach(panel.show)
    await nextPaint.mock.results.at(-1)?.value
    await Promise.resolve()
  }
  return { page, rows, texts, detailsOf, panel, nextPaint, show }
}

it('shows the time, the direction and the type of each frame, oldest first', async () => {
  const { texts, page, show } = openPanel()
  await show(frame('hello', { way: 'sent' }), frame('welcome'), closed('1006'))
  expect(texts()).toEqual([
    '09:12:01.023 Sent hello',
    '09:12:01.023 Received welcome',
    '09:12:01.023 Closed 1006',
  ])
  expect(page.element('frames-note').hidden).toBe(true)
})

it('shows the JSON of a frame while it is open', async () => {
  const { detailsOf, show } = openPanel()
  await show(frame('beat'))
  const details = detailsOf(0)
  const body = details.content[1] as FakeElement
  details.open = true
  details.dispatchEvent(new Event('toggle'))
  expect(JSON.parse(body.textContent)).toEqual({ type: 'beat' })
  details.open = false
  details.dispatchEvent(new Event('toggle'))
  expect(body.textContent).toBe('')
})

it('keeps 50 frames, and those that the user reads', async () => {
  const { page, rows, texts, detailsOf, nextPaint, show } = openPanel()
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => frame(`f${from + index}`))
  await show(...numbered(1, 50))
  detailsOf(0).open = true
  page.document.activeElement = rows()[1]
  await show(...numbered(51, 60))
  expect(nextPaint).toHaveBeenCalledTimes(2)
  expect(texts()).toHaveLength(50)
  expect(
    texts()
      .map((text) => text.split(' ').at(-1))
      .slice(0, 3),
  ).toEqual(['f1', 'f2', 'f13'])
})

it('follows the newest frame only if the user has not scrolled away from it', async () => {
  const { page, show } = openPanel()
  const list = page.element('frames')
  Object.assign(list, { clientHeight: 100, scrollHeight: 300, scrollTop: 200 })
  await show(frame('a'))
  expect(list.scrollTop).toBe(300)
  list.scrollTop = 50
  await show(frame('b'))
  expect(list.scrollTop).toBe(50)
})

it('removes what the server has sent once access is denied, and shows why', async () => {
  const { page, rows, texts, panel, show } = openPanel()
  await show(frame('messages'), closed('1006'))
  await show(frame('error'), closed('4401 unauthenticated'))
  expect(texts().map((text) => text.slice(13))).toEqual(['Closed 1006', 'Closed 4401 unauthenticated'])
  await show(frame('welcome'))
  panel.show(frame('messages'))
  page.document.activeElement = rows().at(-1)
  panel.clear()
  await show()
  expect(texts()).toHaveLength(2)
  expect(page.element('exchange-heading').focus).toHaveBeenCalled()
})
