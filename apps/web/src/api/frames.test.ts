import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Frame, observeSockets } from './frames.js'

const sent: unknown[] = []

class FakeSocket extends EventTarget {
  readonly parameters: unknown[]
  constructor(...parameters: unknown[]) {
    super()
    this.parameters = parameters
  }
  send(data: unknown): void {
    sent.push(data)
  }
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket)
})

afterEach(() => {
  sent.length = 0
  vi.unstubAllGlobals()
})

const openSocket = () => {
  const frames: Frame[] = []
  const Socket = observeSockets((frame) => frames.push(frame))
  const socket = new Socket('ws://localhost/live', 'gitmsg.live.v1') as unknown as FakeSocket
  return { socket, frames }
}
const receive = (socket: FakeSocket, data: unknown) =>
  socket.dispatchEvent(Object.assign(new Event('message'), { data }))

it('opens a socket of the browser and reports what it receives', () => {
  const { socket, frames } = openSocket()
  expect(socket.parameters).toEqual(['ws://localhost/live', 'gitmsg.live.v1'])
  receive(socket, '{"type":"beat","position":7}')
  expect(frames).toMatchObject([{ way: 'received', type: 'beat', json: '{"type":"beat","position":7}' }])
  expect(frames[0]?.at).toBeInstanceOf(Date)
})

it('sends the access token, and reports the frame without it', () => {
  const { socket, frames } = openSocket()
  const hello = { type: 'hello', token: 'gitmsg_secret', after: null }
  socket.send(JSON.stringify(hello))
  expect(sent).toEqual([JSON.stringify(hello)])
  expect(frames).toMatchObject([{ way: 'sent', type: 'hello' }])
  expect(JSON.parse(frames[0]?.json ?? '')).toEqual({ ...hello, token: '•••' })
})

it('reports the close code and its reason', () => {
  const { socket, frames } = openSocket()
  for (const [code, reason] of [
    [4401, 'unauthenticated'],
    [1006, ''],
  ]) {
    socket.dispatchEvent(Object.assign(new Event('close'), { code, reason }))
  }
  expect(frames.map(({ way, type }) => `${way} ${type}`)).toEqual([
    'closed 4401 unauthenticated',
    'closed 1006',
  ])
})

it.each(['not JSON', 'null', '[]'])('reports a frame of no known form as it is: %s', (text) => {
  const { socket, frames } = openSocket()
  receive(socket, text)
  expect(frames).toMatchObject([{ type: 'unknown', json: text }])
})
