import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { ClientError, createClient, type LiveOptions, type MessageDetails } from '../index.js'
import { createFakeSockets, newDetails } from '../testing/fake-socket.js'
import { createManualTimers } from '../testing/manual-timers.js'
import { openModelServer } from '../testing/model-server.js'
import { until } from '../testing/until.js'

afterEach(() => vi.unstubAllGlobals())

/** A feed whose server is the test: it holds no messages, so nothing is read by HTTP. */
function openFake(options: LiveOptions = {}, random = () => 0.5) {
  const fake = createFakeSockets()
  const { WebSocket } = fake
  const clock = createManualTimers()
  const client = createClient({
    ...{ url: 'https://example.org/chat?x=1', token: 'gitmsg_1', WebSocket, random },
    timers: clock.timers,
  })
  const live = client.live({ limit: 0, ...options })
  const seen: MessageDetails[] = []
  live.on('messages', (messages) => seen.push(...messages))
  const frame = (after: number, ...messages: MessageDetails[]) => ({
    ...{ type: 'messages', after, position: messages.at(-1)?.position ?? after, messages },
  })
  return { ...fake, clock, live, seen, frame }
}

describe('live() as a client of the protocol', () => {
  it('greets with its token, its topics and no position', () => {
    const { last, live } = openFake({ topics: ['deploys'] })
    last().onopen?.()
    expect(last()).toMatchObject({ url: 'wss://example.org/chat/live', protocols: 'gitmsg.live.v1' })
    expect(last().sent).toEqual([{ type: 'hello', token: 'gitmsg_1', after: null, topics: ['deploys'] }])
    expect(live.status.state).toBe('connecting')
    last().welcome(7)
    expect(live.status).toEqual({ state: 'live', error: null, retryAt: null })
    expect(live.position).toEqual({ epoch: 'e', position: 7 })
  })

  it('goes on from the given position, and from its own on the next connection', () => {
    const { last, clock, frame, seen } = openFake({ after: { epoch: 'e', position: 3 } })
    last().welcome(3)
    last().receive(frame(3, newDetails(4), newDetails(5)))
    last().onclose?.({ code: 1006 })
    clock.pass(500)
    last().onopen?.()
    expect(last().sent).toMatchObject([{ after: { epoch: 'e', position: 5 } }])
    expect(seen.map(({ position }) => position)).toEqual([4, 5])
  })

  it('rejects a frame that does not follow its own position, and resumes on the same connection', () => {
    const { last, sockets, frame, seen } = openFake()
    last().welcome(3)
    last().receive(frame(4, newDetails(5)))
    expect(last().sent.at(-1)).toMatchObject({ type: 'hello', after: { epoch: 'e', position: 3 } })
    last().receive(frame(3, newDetails(4))) // of the chain before the welcome
    expect(seen).toEqual([])
    last().welcome(3)
    last().receive(frame(3, newDetails(4), newDetails(5)))
    expect(seen.map(({ position }) => position)).toEqual([4, 5])
    expect(sockets).toHaveLength(1)
  })

  it('connects again when the frames still do not follow after that', () => {
    const { last, sockets, clock, frame, live } = openFake()
    last().welcome(3)
    last().receive(frame(4, newDetails(5)))
    last().welcome(3)
    last().receive(frame(4, newDetails(5)))
    expect(sockets[0]?.isClosed).toBe(true)
    expect(live.status).toMatchObject({ state: 'waiting', error: { code: 'invalid-response' } })
    clock.pass(1000)
    expect(sockets).toHaveLength(2)
  })

  it('resumes when a beat is ahead of its position', () => {
    const { last } = openFake()
    last().welcome(3)
    last().receive({ type: 'beat', position: 3 })
    expect(last().sent).toHaveLength(1)
    last().receive({ type: 'beat', position: 4 })
    expect(last().sent).toHaveLength(2)
  })

  it('ignores frames of types that it does not know', () => {
    const { last, live } = openFake()
    last().welcome(3)
    last().receive({ type: 'typing', sender: 'bob' })
    expect(live.status.state).toBe('live')
  })

  it.each([
    ['binary', new Uint8Array([1])],
    ['not JSON', '{'],
    ['not an object', '1'],
    ['without a field', '{"type":"messages","after":3,"position":4}'],
    ['with a message that is not one', '{"type":"messages","after":3,"position":4,"messages":[{}]}'],
    ['with a position that is not a number', '{"type":"beat","position":"4"}'],
  ])('ends a connection with a frame that is %s', (_, data) => {
    const { last, live, sockets } = openFake()
    last().welcome(3)
    last().onmessage?.({ data })
    expect(live.status).toMatchObject({ state: 'waiting', error: { code: 'invalid-response' } })
    expect(sockets[0]?.isClosed).toBe(true)
  })

  it('reports the state of the synchronization', () => {
    const { last, live } = openFake()
    const states: string[] = []
    live.on('sync', ({ state }) => states.push(state))
    last().welcome(3)
    last().receive({ type: 'sync', status: { state: 'backing_off' } })
    expect([states, live.sync?.state]).toEqual([['backing_off'], 'backing_off'])
  })
})

describe('live() when a connection ends', () => {
  it('ends one that is silent for 60 s, without waiting for its closing handshake', () => {
    const { last, sockets, clock, live } = openFake()
    last().welcome(3)
    clock.pass(59_000)
    last().receive({ type: 'beat', position: 3 })
    clock.pass(59_999)
    expect(live.status.state).toBe('live')
    clock.pass(1)
    expect(live.status).toMatchObject({ state: 'waiting', error: { code: 'timed-out' } })
    sockets[0]?.receive({ type: 'beat', position: 9 }) // too late
    clock.pass(1000)
    expect(sockets).toHaveLength(2)
  })

  it('waits a random part of 1, 2, 4 and so on up to 30 s', () => {
    const { last, clock, live } = openFake({}, () => 0.9)
    const delays: number[] = []
    for (let attempt = 0; attempt < 7; attempt += 1) {
      last().onclose?.({ code: 1006 })
      const delay = (live.status.retryAt ?? 0) - clock.timers.now()
      delays.push(delay)
      clock.pass(delay)
    }
    expect(delays).toEqual([900, 1800, 3600, 7200, 14_400, 27_000, 27_000])
  })

  it('begins with the shortest delay again after a connection that brought messages', () => {
    const { last, clock, live, frame } = openFake()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      last().onclose?.({ code: 1006 })
      clock.pass(20_000 - 1)
    }
    last().welcome(3)
    last().receive(frame(3, newDetails(4)))
    last().onclose?.({ code: 1011 })
    expect((live.status.retryAt ?? 0) - clock.timers.now()).toBe(500)
  })

  it('waits as long as a bye says, even when the network comes back meanwhile', () => {
    const target = new EventTarget()
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
    const { last, sockets, clock } = openFake()
    last().welcome(3)
    last().receive({ type: 'bye', retry_after_ms: 45_000 })
    last().onclose?.({ code: 1012 })
    target.dispatchEvent(new Event('online'))
    clock.pass(44_999)
    expect(sockets).toHaveLength(1)
    clock.pass(1)
    expect(sockets).toHaveLength(2)
  })

  it.each([
    [4401, 401, 'unauthenticated'],
    [4403, 403, 'insufficient_scope'],
  ])('stops for good after close code %i', async (code, status, expected) => {
    const { last, sockets, clock, live } = openFake()
    const next = live[Symbol.asyncIterator]().next()
    last().onopen?.()
    last().receive({ type: 'error', error: { code: expected, message: 'No.', request_id: 'r' } })
    last().onclose?.({ code })
    clock.pass(3_600_000)
    expect(sockets).toHaveLength(1)
    expect(clock.count()).toBe(0)
    expect(live.status).toMatchObject({ state: 'stopped', error: { status, code: expected } })
    await expect(live.ready).rejects.toThrow(ClientError)
    await expect(next).rejects.toMatchObject({ code: expected })
  })

  it.each([1003, 1008, 1009, 1011, 1012, 1013, 4408, 4409])('connects again after close code %i', (code) => {
    const { last, sockets, clock } = openFake()
    last().onclose?.({ code })
    clock.pass(1000)
    expect(sockets).toHaveLength(2)
  })

  it('connects at once when the network or the page comes back', () => {
    const target = new EventTarget()
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
    vi.stubGlobal('document', page)
    const { last, sockets, clock, live } = openFake({}, () => 0.99)
    const wakes = [
      () => target.dispatchEvent(new Event('online')),
      () => page.dispatchEvent(new Event('visibilitychange')),
      () => target.dispatchEvent(new Event('pageshow')),
    ]
    for (const [index, wake] of wakes.entries()) {
      last().onclose?.({ code: 1006 })
      wake()
      expect(sockets).toHaveLength(index + 2)
    }
    last().welcome(3)
    wakes[1]?.() // a connection that works is left alone
    expect(sockets).toHaveLength(4)
    clock.pass(31_000) // a beat is missing
    wakes[1]?.()
    expect(sockets).toHaveLength(5)
    last().welcome(3)
    wakes[0]?.() // another network: the connection is dead without notice
    expect(sockets).toHaveLength(6)
    void live.close()
    for (const wake of wakes) wake()
    expect(sockets).toHaveLength(6)
  })

  it('close() ends the iteration and every timer', async () => {
    const { last, live, clock } = openFake()
    last().welcome(3)
    const next = live[Symbol.asyncIterator]().next()
    await live.close()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(live.status.state).toBe('closed')
    expect(clock.count()).toBe(0)
    for await (const _ of live) throw new Error('It is closed.')
  })
})

describe('iterating live()', () => {
  it('yields of each message only the newest state that was not read', async () => {
    const { last, live, frame } = openFake()
    last().welcome(0)
    const iterator = live[Symbol.asyncIterator]()
    last().receive(frame(0, newDetails(1), newDetails(2)))
    last().receive(frame(2, newDetails(3, { uid: 'uid-1', content: 'edited' })))
    expect((await iterator.next()).value).toMatchObject({ uid: 'uid-2' })
    expect((await iterator.next()).value).toMatchObject({ uid: 'uid-1', content: 'edited' })
  })

  it('leaves the position before what was not read, so that another run can go on from there', async () => {
    const { last, live, frame } = openFake()
    last().welcome(0)
    const iterator = live[Symbol.asyncIterator]()
    last().receive(frame(0, newDetails(1), newDetails(5), newDetails(9)))
    expect(live.position).toEqual({ epoch: 'e', position: 0 })
    await iterator.next()
    expect(live.position).toEqual({ epoch: 'e', position: 4 })
    last().receive({ type: 'reset', epoch: 'f', position: 2, reason: 'epoch_changed' })
    await iterator.next()
    expect(live.position).toEqual({ epoch: 'e', position: 8 })
    await iterator.next()
    expect(live.position).toEqual({ epoch: 'f', position: 2 })
  })

  it('receives nothing more while 5,000 messages wait, and goes on without a gap', async () => {
    const { last, live, frame, sockets } = openFake()
    last().welcome(0)
    const iterator = live[Symbol.asyncIterator]()
    last().receive(frame(0, ...Array.from({ length: 5000 }, (_, index) => newDetails(index + 1))))
    expect(live.status).toMatchObject({ state: 'waiting', retryAt: null })
    expect(last().isClosed).toBe(true)
    for (let count = 0; count < 2502; count += 1) await iterator.next()
    expect(sockets).toHaveLength(2)
    last().onopen?.()
    expect(last().sent).toMatchObject([{ after: { epoch: 'e', position: 5000 } }])
  })

  it('misses nothing when too much has changed for the channel', async () => {
    await using server = await openModelServer()
    const client = createClient({ url: server.url, WebSocket, random: () => 0 })
    const after = server.position()
    for (let count = 0; count < 100; count += 1) server.post({ content: `${count}`, sender: 'bob' })
    const live = client.live({ after, limit: 0 })
    const contents: (string | null)[] = []
    for await (const { content } of live) {
      contents.push(content)
      if (content === '99') server.post({ content: 'the last', sender: 'bob' })
      if (content === 'the last') break
    }
    await live.close()
    expect(contents).toEqual([...Array.from({ length: 100 }, (_, index) => `${index}`), 'the last'])
    expect(live.messages).toEqual([])
  })
})

describe('the messages of live()', () => {
  it('begin with the newest, grow with the feed, and end with the oldest on request', async () => {
    await using server = await openModelServer()
    for (let count = 0; count < 9; count += 1) server.post({ content: `${count}`, sender: 'bob' })
    const client = createClient({ url: server.url, WebSocket })
    await using live = client.live({ limit: 3 })
    await live.ready
    expect(live.messages).toEqual(server.messages().slice(0, 3))
    server.edit(1, 'out of sight')
    server.edit(9, 'in sight')
    server.remove(8)
    await until(() => live.position?.position === server.position().position)
    expect(live.messages).toEqual(server.messages().slice(0, 2))
    expect(await live.older({ count: 2 })).toBe(true)
    expect(live.messages).toEqual(server.messages().slice(0, 4))
    expect(await live.older()).toBe(false)
    expect(live.messages).toEqual(server.messages())
  })

  it('stay what they are until pages of a new history are read', async () => {
    await using server = await openModelServer()
    for (let count = 0; count < 5; count += 1) server.post({ content: `${count}`, sender: 'bob' })
    const client = createClient({ url: server.url, WebSocket, random: () => 0 })
    await using live = client.live()
    await live.ready
    const shown = live.messages
    const resets: string[] = []
    live.on('reset', (reason) => resets.push(reason))
    server.setListed(false)
    server.restore([2, 4])
    await until(() => resets.length === 1)
    expect(live.messages).toBe(shown)
    server.setListed(true)
    await until(() => live.messages.length === 2)
    expect(live.messages).toEqual(server.messages())
    expect(resets).toEqual(['epoch_changed'])
  })

  it('let the oldest go beyond maxMessages', async () => {
    await using server = await openModelServer()
    const client = createClient({ url: server.url, WebSocket })
    await using live = client.live({ limit: 1, maxMessages: 4 })
    await live.ready
    for (let count = 0; count < 9; count += 1) server.post({ content: `${count}`, sender: 'bob' })
    await until(() => live.position?.position === 9)
    expect(live.messages).toEqual(server.messages().slice(0, 4))
    expect(await live.older()).toBe(false)
    expect(live.messages).toEqual(server.messages())
  })

  it('are read again if a page is older than the feed, or of another history', async () => {
    const { WebSocket, last } = createFakeSockets()
    const positions = ['e:6', 'f:9', 'e:7']
    const fetch = async () => Response.json([], { headers: { 'Gitmsg-Position': positions.shift() ?? '' } })
    const client = createClient({ url: 'http://localhost', WebSocket, fetch, random: () => 0 })
    await using live = client.live()
    last().welcome(7)
    await live.ready
    expect(positions).toEqual([])
  })

  it('stop with the error when the pages may not be read', async () => {
    await using server = await openModelServer()
    const fetch = async () =>
      Response.json(
        { status: 'error', error: { code: 'insufficient_scope', message: 'No.' } },
        { status: 403 },
      )
    const client = createClient({ url: server.url, WebSocket, fetch })
    const live = client.live()
    await expect(live.ready).rejects.toMatchObject({ code: 'insufficient_scope', status: 403 })
    expect(live.status.state).toBe('stopped')
  })
})

it('live() needs a WebSocket', () => {
  vi.stubGlobal('WebSocket', undefined)
  const client = createClient({ url: 'http://127.0.0.1:1' })
  expect(() => client.live()).toThrow(expect.objectContaining({ code: 'no-websocket' }))
})
