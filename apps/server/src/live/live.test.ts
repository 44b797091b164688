import { newMessage } from '@gitmsg/store/testing'
import { describe, expect, it } from 'vitest'
import { openEvents } from '../testing/live/open-events.js'
import { openSocket, openWelcomed } from '../testing/live/open-socket.js'
import { openTestServer } from '../testing/servers/open-test-server.js'

const isMessages = ({ type, messages }: { type: string; messages?: unknown[] }) =>
  type === 'messages' && (messages?.length ?? 0) > 0

describe('GET /live', () => {
  it('welcomes a client at the place of the feed, and sends what changes from then on', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'before', sender: 'a' })
    const { epoch, position } = await server.store.position()
    using live = await openWelcomed(server.url)
    expect(live.socket.protocol).toBe('gitmsg.live.v1')
    expect(live.frames[0]).toEqual({
      type: 'welcome',
      epoch,
      position,
      heartbeat_seconds: 25,
      sender: null,
      scopes: ['read', 'write', 'moderate', 'admin'],
    })
    await live.until(({ type }) => type === 'sync')
    expect(live.frames[1]).toEqual({ type: 'sync', status: (await server.request('/sync')).json })

    await server.post({ content: 'one', sender: 'a' })
    const frame = await live.until(isMessages)
    expect(frame).toEqual({
      type: 'messages',
      after: position,
      position: position + 1,
      messages: [(await server.request('/messages/2')).json],
    })
    await server.send('PATCH', '/messages/1', { content: 'edited' })
    await live.until(({ messages = [] }) => messages[0]?.content === 'edited')
    await server.request('/messages/2', { method: 'DELETE' })
    const { messages } = await live.until(({ messages = [] }) => messages[0]?.deleted)
    expect(messages).toMatchObject([{ id: 2, content: null, version: 2 }])
    await server.post({ content: '👍', sender: 'b', format: 'reaction', reply_to: 1 })
    await live.until(({ messages = [] }) => messages.some((one: { reactions?: object }) => one.reactions))
  })

  it('sends the same frames as events, with the place as their id', async () => {
    await using server = await openTestServer({ isStandby: true })
    const events = await openEvents(server.url)
    expect([events.status, events.headers['content-type']]).toEqual([200, 'text/event-stream'])
    expect(events.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    using live = await openWelcomed(server.url)
    await events.until(({ type }) => type === 'sync')
    await server.post({ content: 'one', sender: 'a', topic: 't' })
    const frame = await events.until(isMessages)
    expect(frame).toEqual(await live.until(isMessages))
    const { epoch, position } = await server.store.position()
    expect(events.lastId()).toBe(`${epoch}:${position}`)
    events.close()

    await server.post({ content: 'two', sender: 'a' })
    const resumed = await openEvents(server.url, { headers: { 'last-event-id': events.lastId() } })
    expect(await resumed.until(isMessages)).toMatchObject({ after: position, messages: [{ content: 'two' }] })
    const narrowed = await openEvents(server.url, { path: `/live?after=${epoch}:0&topic=t` })
    const first = await narrowed.until(({ type }) => type === 'messages')
    expect(first.messages.map(({ id }: { id: number }) => id)).toEqual([1])
    await Promise.all([server.live?.close(), resumed.ended])
    expect(resumed.frames.at(-1)).toMatchObject({ type: 'bye' })
  })

  it('sends what another connection to the database writes', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url)
    await using other = await server.store.other()
    await other.createMessage(newMessage({ content: 'from elsewhere' }))
    expect(await live.until(isMessages)).toMatchObject({ messages: [{ content: 'from elsewhere' }] })
  })

  it('sends what another server writes as soon as the store hints at it', async () => {
    const listeners = new Set<() => void>()
    await using server = await openTestServer({
      isStandby: true,
      liveTimes: { pollMs: 3_600_000 },
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    })
    using live = await openWelcomed(server.url)
    await live.until(({ type }) => type === 'sync')
    await using other = await server.store.other()
    await other.createMessage(newMessage({ content: 'from elsewhere' }))
    for (const listener of listeners) listener()
    expect(await live.until(isMessages)).toMatchObject({ messages: [{ content: 'from elsewhere' }] })
    await server.live?.close()
    // That of the synchronizer is left.
    expect(listeners.size).toBe(1)
  })

  it('resumes after any place, each message once and as it is now', async () => {
    await using server = await openTestServer({ isStandby: true })
    using kept = await openWelcomed(server.url)
    for (let number = 1; number <= 250; number += 1)
      await server.engine.post({ content: `${number}`, sender: 'a' })
    const { epoch, position } = await server.store.position()
    await kept.until((frame) => frame.position === position)
    for (const after of [0, 1, 99, 100, 249, 250]) {
      using live = await openWelcomed(server.url, { hello: { after: { epoch, position: after } } })
      expect(live.frames[0]).toMatchObject({ position: after })
      if (after < position)
        await live.until((frame) => frame.type === 'messages' && frame.position === position)
      expect(live.messages().map(({ id }) => id)).toEqual(
        Array.from({ length: 250 - after }, (_, index) => after + index + 1),
      )
    }
  })

  it('sends a reset to clients of another epoch, ahead of the feed, or too far behind', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'one', sender: 'a' })
    const { epoch } = await server.store.position()
    const reasons = { another: 'epoch_changed', [epoch]: 'position_ahead' }
    for (const [name, reason] of Object.entries(reasons)) {
      const { position } = await server.store.position()
      using live = await openWelcomed(server.url, { hello: { after: { epoch: name, position: 10 } } })
      const reset = await live.until(({ type }) => type === 'reset')
      expect(live.frames.slice(0, 2)).toMatchObject([{ type: 'welcome', epoch, position }, { type: 'reset' }])
      expect(reset).toEqual({ type: 'reset', epoch, position, reason })
      await server.post({ content: 'next', sender: 'a' })
      expect(await live.until(isMessages)).toMatchObject({ after: position })
    }
  })

  it('sends a reset to a client that has missed more than 5,000 messages, and to no other', async () => {
    await using server = await openTestServer({ isStandby: true })
    const post = (count: number) =>
      Promise.all(Array.from({ length: count }, () => server.engine.post({ content: 'a', sender: 'b' })))
    const start = await server.store.position()
    await post(5_000)
    for (let count = 0; count < 20; count += 1) await server.engine.edit(1, { content: String(count) })
    using near = await openWelcomed(server.url, { hello: { after: start } })
    await near.until(() => near.messages().length === 5_000, 30_000)
    await post(1)
    using far = await openWelcomed(server.url, { hello: { after: start } })
    expect(await far.until(({ type }) => type === 'reset')).toMatchObject({ reason: 'too_far' })
    expect(near.frames.some(({ type }) => type === 'reset')).toBe(false)
  }, 60_000)

  it('sends a reset when the epoch changes, and goes on from there', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'one', sender: 'a' })
    using live = await openWelcomed(server.url)
    const events = await openEvents(server.url)
    await events.until(({ type }) => type === 'welcome')
    await server.store.resetSynchronization()
    const place = await server.store.position()
    for (const inbox of [live, events]) {
      expect(await inbox.until(({ type }) => type === 'reset')).toEqual({
        type: 'reset',
        ...place,
        reason: 'epoch_changed',
      })
    }
    expect(events.lastId()).toBe(`${place.epoch}:${place.position}`)
    await server.post({ content: 'two', sender: 'a' })
    expect(await live.until(isMessages)).toMatchObject({ after: place.position })
  })

  it('narrows to topics: messages that have one now, or had it before the change', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url, { hello: { topics: ['ops'] } })
    using all = await openWelcomed(server.url)
    const { epoch } = live.place()
    await server.post({ content: 'one', sender: 'a', topic: 'ops' })
    await server.post({ content: 'two', sender: 'a', topic: 'lunch' })
    await server.post({ content: 'three', sender: 'a' })
    await server.send('PATCH', '/messages/1', { topic: 'lunch' })
    await server.send('PATCH', '/messages/1', { topic: null })
    await server.send('PATCH', '/messages/3', { topic: 'ops' })
    await server.request('/messages/3', { method: 'DELETE' })
    await server.request('/messages/2', { method: 'DELETE' })
    await live.until(({ messages = [] }) => messages.some((one: { deleted?: true }) => one.deleted))
    await server.post({ content: 'four', sender: 'a' })
    const { position } = await server.store.position()
    await live.until((frame) => frame.position === position)
    await all.until((frame) => frame.position === position)
    const ids = (inbox: typeof live) => new Set(inbox.messages().map(({ id }) => id))
    expect(ids(live)).toEqual(new Set([1, 3]))
    expect(ids(all)).toEqual(new Set([1, 2, 3, 4]))
    expect(live.frames.filter((frame) => frame.messages?.length === 0).length).toBeGreaterThan(0)

    using late = await openSocket(server.url, { hello: { after: { epoch, position: 0 }, topics: ['ops'] } })
    await late.until((frame) => frame.position === position)
    expect(ids(late)).toEqual(new Set([1, 3]))
  })

  it('takes later hellos: other topics, another place, or neither', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url, { hello: { topics: ['ops'] } })
    const { epoch, position: start } = live.place()
    await server.post({ content: 'one', sender: 'a' })
    await live.until(({ type }) => type === 'messages')
    live.send({ type: 'hello', topics: null })
    await live.until((frame) => frame.type === 'welcome' && frame.position === start + 1)
    await server.post({ content: 'two', sender: 'a' })
    await live.until(isMessages)
    expect(live.messages().map(({ id }) => id)).toEqual([2])
    live.send({ type: 'hello', after: { epoch, position: 0 } })
    await live.until(() => live.messages().length === 3)
    expect(live.messages().map(({ id }) => id)).toEqual([2, 1, 2])
  })

  it('does not exist with 0 sockets', async () => {
    await using server = await openTestServer({ liveSockets: 0 })
    await expect(openSocket(server.url)).rejects.toThrow('404')
    expect((await openEvents(server.url)).status).toBe(404)
    expect((await server.request('/asyncapi.json')).status).toBe(200)
  })
})
