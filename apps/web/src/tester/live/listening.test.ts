import type { LiveStatus } from '@gitmsg/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useAccessToken } from '../../api/access-token.js'
import type { SyncStatus } from '../../api/api-types.js'
import { detailedMessage } from '../../testing/sample-message.js'
import { createListening } from './listening.js'

const AFTER = { epoch: 'e', position: 7 }
const sockets: FakeSocket[] = []

/** A socket whose server is the test. */
class FakeSocket extends EventTarget {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly url: string
  readonly sent: object[] = []
  constructor(url: string) {
    super()
    this.url = url
    sockets.push(this)
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data))
  }
  close(): void {}
  receive(frame: object): void {
    const data = JSON.stringify(frame)
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
    this.onmessage?.({ data })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
})

afterEach(() => {
  sockets.length = 0
  useAccessToken('')
  vi.clearAllTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const openListening = () => {
  const statuses: LiveStatus['state'][] = []
  const handlers = {
    onFrame: vi.fn(),
    onChanges: vi.fn(),
    onSync: vi.fn(),
    onReset: vi.fn(),
    onStatus: ({ state }: LiveStatus) => statuses.push(state),
  }
  const listening = createListening({ base: 'http://localhost/gitmsg/index.html', ...handlers })
  return { ...handlers, listening, statuses }
}
const welcome = (socket: FakeSocket | undefined) => {
  socket?.onopen?.()
  socket?.receive({ type: 'welcome', ...AFTER })
}

it('listens from the place of the page on, below the path of the page', () => {
  const { listening, onChanges, onSync, onFrame, statuses } = openListening()
  listening.start(AFTER)
  listening.start({ epoch: 'e', position: 9 })
  const [socket] = sockets
  expect(sockets).toHaveLength(1)
  expect(socket?.url).toBe('ws://localhost/gitmsg/live')
  expect(listening.isLive()).toBe(false)
  welcome(socket)
  expect(socket?.sent).toEqual([{ type: 'hello', after: AFTER }])
  expect(listening.isLive()).toBe(true)

  const message = detailedMessage(8)
  socket?.receive({ type: 'messages', after: 7, position: 8, messages: [message] })
  const status = { state: 'idle' } as SyncStatus
  socket?.receive({ type: 'sync', status })
  expect(onChanges.mock.calls).toEqual([[{ epoch: 'e', messages: [message] }]])
  expect(onSync.mock.calls).toEqual([[status]])
  expect(onFrame.mock.calls.map(([{ type }]) => type)).toEqual(['hello', 'welcome', 'messages', 'sync'])
  expect(statuses).toEqual(['connecting', 'live'])
})

it('reports that changes may have been missed', () => {
  const { listening, onReset } = openListening()
  listening.start(AFTER)
  welcome(sockets[0])
  sockets[0]?.receive({ type: 'reset', epoch: 'f', position: 1, reason: 'epoch_changed' })
  expect(onReset).toHaveBeenCalledTimes(1)
})

it('does not start again by itself when access was denied, and starts with another token after stop()', () => {
  const { listening, statuses } = openListening()
  useAccessToken('first')
  listening.start(AFTER)
  sockets[0]?.onopen?.()
  sockets[0]?.onclose?.({ code: 4401 })
  expect(statuses).toEqual(['connecting', 'stopped'])
  listening.start(AFTER)
  vi.advanceTimersByTime(60_000)
  expect(sockets).toHaveLength(1)

  listening.stop()
  useAccessToken('second')
  listening.start(AFTER)
  welcome(sockets[1])
  expect(sockets.map(({ sent }) => sent)).toMatchObject([[{ token: 'first' }], [{ token: 'second' }]])
  expect(listening.isLive()).toBe(true)
})

it('stop() leaves the channel', () => {
  const { listening, statuses } = openListening()
  listening.start(AFTER)
  welcome(sockets[0])
  listening.stop()
  expect(listening.isLive()).toBe(false)
  expect(statuses.at(-1)).toBe('closed')
})
