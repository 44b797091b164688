import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { changeTokensFile } from '../access/tokens-file.js'
import { openEvents } from '../testing/live/open-events.js'
import { openSocket, openWelcomed, type SocketOptions } from '../testing/live/open-socket.js'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { openTestServer } from '../testing/servers/open-test-server.js'

const bearer = (secret: string): SocketOptions => ({
  client: { headers: { authorization: `Bearer ${secret}` } },
})
const soon = { sweepMs: 20 }

const postMany = ({ engine }: Awaited<ReturnType<typeof openTestServer>>, count: number) =>
  Promise.all(Array.from({ length: count }, () => engine.post({ content: 'x'.repeat(30_000), sender: 'b' })))

describe('a live connection with tokens', () => {
  // Covers IN-61, V4.4.3
  it('needs one with the scope read, in its first frame or in the request', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens, isStandby: true })
    const reader = file.add(['read'], { name: 'reader', sender: 'alice' })
    const writer = file.add(['write'], { name: 'writer' })
    for (const options of [{ hello: { token: reader } }, bearer(reader)]) {
      using live = await openWelcomed(server.url, options)
      expect(live.frames[0]).toMatchObject({ sender: 'alice', scopes: ['read'] })
    }
    const cases: [SocketOptions, number, string][] = [
      [{}, 4401, 'unauthenticated'],
      [{ hello: { token: 'gitmsg_unknown' } }, 4401, 'unauthenticated'],
      [{ hello: { token: writer } }, 4403, 'insufficient_scope'],
    ]
    for (const [options, code, reason] of cases) {
      using live = await openSocket(server.url, options)
      expect(await live.closed).toEqual({ code, reason })
      expect(live.frames).toMatchObject([{ type: 'error', error: { code: reason } }])
    }
    await expect(openSocket(server.url, bearer('unknown'))).rejects.toThrow('401')
    await expect(openSocket(server.url, bearer(writer))).rejects.toThrow('403')
    expect((await openEvents(server.url)).status).toBe(401)
    expect((await openEvents(server.url, { headers: { authorization: `Bearer ${writer}` } })).status).toBe(
      403,
    )
  })

  // Covers IN-61
  it('ends within a second when its token is revoked, and when the tokens file is lost; others go on', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens, isStandby: true })
    const one = file.add(['read'], { name: 'one' })
    const other = file.add(['read'], { name: 'other' })
    using revoked = await openWelcomed(server.url, { hello: { token: one } })
    const events = await openEvents(server.url, { headers: { authorization: `Bearer ${one}` } })
    using lost = await openWelcomed(server.url, { hello: { token: other } })
    changeTokensFile(file.path, (tokens) => tokens.filter(({ name }) => name !== 'one'))
    expect(await revoked.closed).toEqual({ code: 4401, reason: 'unauthenticated' })
    await events.ended
    expect(events.frames.at(-1)).toMatchObject({ type: 'error', error: { code: 'unauthenticated' } })
    await server.engine.post({ content: 'a', sender: 'b' })
    await lost.until(({ type }) => type === 'messages')
    rmSync(file.path)
    expect(await lost.closed).toEqual({ code: 4401, reason: 'unauthenticated' })
  })

  it('goes on with another token, and ends with a hello that has an invalid one', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens, isStandby: true })
    using live = await openWelcomed(server.url, { hello: { token: file.add(['read'], { name: 'one' }) } })
    live.send({ type: 'hello', token: file.add(['read', 'write'], { name: 'two' }) })
    await live.until(({ scopes = [] }) => scopes.includes('write'))
    changeTokensFile(file.path, (tokens) => tokens.filter(({ name }) => name !== 'one'))
    await server.engine.post({ content: 'a', sender: 'b' })
    await live.until(({ type }) => type === 'messages')
    live.send({ type: 'hello', token: 'gitmsg_unknown' })
    expect((await live.closed).code).toBe(4401)
  })

  // Covers IN-62
  it('has room for 32 of a token and of a peer, and for as many as the setting says', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens, liveSockets: 40 })
    const token = file.add(['read'], { name: 'one' })
    const open = await Promise.all(
      Array.from({ length: 32 }, () => openWelcomed(server.url, { hello: { token } })),
    )
    await expect(openSocket(server.url, bearer(token))).rejects.toThrow('429')
    using late = await openSocket(server.url, { hello: { token } })
    expect((await late.closed).code).toBe(1013)
    expect(late.frames).toMatchObject([{ type: 'bye', retry_after_ms: expect.any(Number) }])
    const another = file.add(['read'], { name: 'two' })
    for (let count = 0; count < 8; count += 1) await openWelcomed(server.url, bearer(another))
    await expect(openSocket(server.url)).rejects.toThrow('503')
    open[0]?.close()
    await open[0]?.closed
    using last = await openWelcomed(server.url, { hello: { token } })
    expect(last.frames[0].type).toBe('welcome')
  })
})

describe('a live connection', () => {
  // Covers IN-63
  it('ends without a hello, and one that is not read', async () => {
    await using server = await openTestServer({ isStandby: true, liveTimes: { helloMs: 100, ...soon } })
    using silent = await openSocket(server.url, { hello: null })
    expect(await silent.closed).toEqual({ code: 4408, reason: 'hello_timeout' })
  })

  it('gets a beat with its place, and pings or comments, while nothing happens', async () => {
    await using server = await openTestServer({ isStandby: true, liveTimes: { heartbeatMs: 100, ...soon } })
    await server.engine.post({ content: 'a', sender: 'b' })
    const { position } = await server.store.position()
    using live = await openWelcomed(server.url)
    const events = await openEvents(server.url)
    expect(await live.until(({ type }) => type === 'beat')).toEqual({ type: 'beat', position })
    await once(live.socket, 'ping')
    expect(await events.until(({ type }) => type === 'beat')).toEqual({ type: 'beat', position })
    expect(events.comments()).toBeGreaterThan(0)
  })

  // Covers IN-63
  it('is cut when the client gives no sign of life', async () => {
    const liveTimes = { heartbeatMs: 50, silenceMs: 300, ...soon }
    await using server = await openTestServer({ isStandby: true, liveTimes })
    using alive = await openWelcomed(server.url)
    using silent = await openWelcomed(server.url, { client: { autoPong: false } })
    expect((await silent.closed).code).toBe(1006)
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
  })

  // Covers IN-63
  it('that is not read gets no more, and ends as too slow; others get everything meanwhile', async () => {
    await using server = await openTestServer({ isStandby: true, liveTimes: { slowMs: 3_000, ...soon } })
    using slow = await openWelcomed(server.url)
    using quick = await openWelcomed(server.url)
    slow.socket.pause()
    for (let count = 0; count < 10; count += 1) await postMany(server, 60)
    const { position } = await server.store.position()
    await quick.until((frame) => frame.position === position)
    expect(quick.messages()).toHaveLength(600)
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 4409, reason: 'too_slow' })
    expect(slow.messages().length).toBeLessThan(600)
    using again = await openWelcomed(server.url, { hello: { after: slow.place() } })
    await again.until((frame) => frame.position === position)
    expect(slow.messages().length + again.messages().length).toBe(600)
  }, 60_000)

  it('that reads again in time goes on from the store', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url)
    live.socket.pause()
    for (let count = 0; count < 10; count += 1) await postMany(server, 60)
    live.socket.resume()
    const { position } = await server.store.position()
    await live.until((frame) => frame.position === position)
    expect(live.messages().map(({ id }) => id)).toHaveLength(600)
    expect(new Set(live.messages().map(({ id }) => id)).size).toBe(600)
  }, 60_000)

  it('that is far behind shares what is read from the store with others, also if the messages are large', async () => {
    await using server = await openTestServer({ isStandby: true })
    const start = await server.store.position()
    await postMany(server, 90)
    const { position } = await server.store.position()
    const { changes } = server.engine
    let reads = 0
    server.engine.changes = (...query) => {
      reads += 1
      return changes(...query)
    }
    const clients = await Promise.all(
      Array.from({ length: 30 }, () => openWelcomed(server.url, { hello: { after: start } })),
    )
    for (const live of clients) {
      await live.until((frame) => frame.position === position)
      expect(live.messages()).toHaveLength(90)
      live.close()
    }
    expect(reads).toBeLessThan(30)
  })

  it('that resumes gets no text that was edited or deleted while it was away', async () => {
    await using server = await openTestServer({ isStandby: true })
    using kept = await openWelcomed(server.url)
    using away = await openWelcomed(server.url)
    const start = away.place()
    away.close()
    for (const content of ['one', 'first secret', 'second secret', 'four'])
      await server.post({ content, sender: 'a' })
    await kept.until(() => kept.messages().length === 4)
    // It fills what is read for clients that are behind.
    using early = await openWelcomed(server.url, { hello: { after: start } })
    await early.until(() => early.messages().length === 4)
    await server.request('/messages/2', { method: 'DELETE' })
    await server.send('PATCH', '/messages/3', { content: 'three' })
    const { position } = await server.store.position()
    await kept.until((frame) => frame.position === position)
    using back = await openWelcomed(server.url, { hello: { after: start } })
    await back.until((frame) => frame.position === position)
    expect(JSON.stringify(back.frames)).not.toContain('secret')
    expect(back.messages().map(({ id }) => id)).toEqual([1, 4, 2, 3])
  })

  it('ends at a shutdown with bye and 1012, before the server stops, and new ones are rejected', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url)
    const events = await openEvents(server.url)
    await events.until(({ type }) => type === 'sync')
    using deaf = await openWelcomed(server.url)
    deaf.socket.pause()
    server.health.draining = true
    await expect(openSocket(server.url)).rejects.toThrow('503')
    const closing = server.live?.close()
    expect(await live.closed).toEqual({ code: 1012, reason: 'shutting_down' })
    expect((await server.request('/healthz')).status).toBe(200)
    await events.ended
    for (const { frames } of [live, events]) {
      expect(frames.at(-1)).toEqual({ type: 'bye', retry_after_ms: expect.any(Number) })
    }
    await closing
    expect(server.live?.connections).toBe(0)
  })

  it('is counted in the metrics', async () => {
    await using server = await openTestServer({ isStandby: true })
    using live = await openWelcomed(server.url)
    await server.post({ content: 'a', sender: 'b' })
    await live.until(({ type }) => type === 'messages')
    const gone = await openWelcomed(server.url)
    gone.close()
    await gone.closed
    await expect.poll(async () => (await server.request('/metrics')).text).toMatch(/^gitmsg_live_sockets 1$/m)
    const { text } = await server.request('/metrics')
    expect(text).toMatch(/^gitmsg_live_frames_total\{type="messages"\} 1$/m)
    expect(text).toMatch(/^gitmsg_live_closed_total\{code="1005"\} 1$/m)
    expect(text).toMatch(/^gitmsg_live_lag_seconds_count [1-9]/m)
    expect(text).not.toMatch(/^gitmsg_rejected_requests_total\{.*\} [1-9]/m)
  })

  it('leaves no place taken when the client disconnects during the handshake', async () => {
    await using server = await openTestServer({ liveSockets: 1 })
    const { hostname, port, host } = new URL(server.url)
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      socket.write(
        `GET /live HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      )
      socket.resetAndDestroy()
    }
    await expect.poll(() => server.live?.connections).toBe(0)
    using live = await openWelcomed(server.url)
    expect(live.frames[0].type).toBe('welcome')
  })
})
