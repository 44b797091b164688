import type { Frame } from '../../api/frames.js'
import { build, elementById } from '../../page/elements.js'
import { showBody } from '../../page/json-text.js'

const MAX_FRAMES = 50

/** A list that is scrolled to its end, but for this much, stays there. */
const END_TOLERANCE_PX = 8

const WORDS = { sent: 'Sent', received: 'Received', closed: 'Closed' } as const

/** The frames of the live channel, oldest first. */
export interface FramePanel {
  /** Adds a frame. If there are too many, the oldest that the user is not reading is removed. */
  show(frame: Frame): void
  /** Removes everything that the server has sent. */
  clear(): void
}

/** `nextPaint` resolves before the page is painted again, which then costs the same for any number of frames. */
export function createFramePanel(nextPaint: () => Promise<unknown>): FramePanel {
  const list = elementById('frames', HTMLOListElement)
  const note = elementById('frames-note', HTMLElement)
  let rows: FrameRow[] = []
  let waiting: Frame[] = []

  function remove(isRemoved: (row: FrameRow) => boolean): void {
    for (const row of rows.filter(isRemoved)) row.element.remove()
    rows = rows.filter((row) => !isRemoved(row))
  }

  function isRead({ element, isOpen }: FrameRow): boolean {
    return isOpen() || element.contains(document.activeElement)
  }

  async function paint(): Promise<void> {
    await nextPaint()
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END_TOLERANCE_PX
    const added = waiting.map(createFrameRow)
    waiting = []
    rows.push(...added)
    list.append(...added.map(({ element }) => element))
    const oldest = rows.filter((row) => !isRead(row)).slice(0, Math.max(0, rows.length - MAX_FRAMES))
    remove((row) => oldest.includes(row))
    update()
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }

  function update(): void {
    note.hidden = rows.length > 0
    list.hidden = rows.length === 0
  }

  function clear(): void {
    // The keyboard focus must not fall back to the top of the page.
    if (list.contains(document.activeElement)) elementById('exchange-heading', HTMLElement).focus()
    waiting = waiting.filter(({ way }) => way === 'closed')
    remove(({ frame }) => frame.way !== 'closed')
    update()
  }

  return {
    show(frame) {
      // Once access is denied, nothing that was received before may stay on the screen.
      if (frame.way === 'closed' && frame.type.startsWith('4401')) clear()
      if (waiting.length === 0) void paint()
      waiting = [...waiting, frame].slice(-MAX_FRAMES)
    },
    clear,
  }
}

interface FrameRow {
  readonly frame: Frame
  readonly element: HTMLElement
  /** Whether the user has opened the frame to read it. */
  isOpen(): boolean
}

function createFrameRow(frame: Frame): FrameRow {
  const { way, type, json, at } = frame
  const time = build('span', 'frame-time', timeOf(at))
  const parts = [time, ' ', build('span', `way ${way}`, WORDS[way]), ' ', build('code', '', type)]
  if (json === '') return { frame, element: build('li', 'frame', ...parts), isOpen: () => false }

  const body = build('div', 'code')
  const details = build('details', '', build('summary', '', ...parts), body) as HTMLDetailsElement
  details.addEventListener('toggle', () => showBody(body, details.open ? json : null))
  return { frame, element: build('li', 'frame', details), isOpen: () => details.open }
}

/** `09:12:01.123`, in local time. */
const timeOf = (at: Date): string =>
  at.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
