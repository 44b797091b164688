import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { holdConnection } from '../../testing/hold-connection.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'

const SOON = { timeout: 3_000, interval: 50 }
const impatient = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 }
const tunnel = 'CONNECT a:1 HTTP/1.1\r\n\r\n'

const request = (url: string, method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`, ...headers, '', ''].join('\r\n')

/** A server whose messages overflow the buffers of a connection, and the request for all of them. */
async function openFullServer(limits: object) {
  const server = await openTestServer({ limits, liveSockets: 0 })
  const message = { content: 'x'.repeat(32_000), sender: 'a' }
  await Promise.all(Array.from({ length: 500 }, () => server.engine.post(message)))
  return { server, everything: request(server.url, 'GET', '/messages?limit=500', 'Connection: close') }
}

describe('a connection that the client never closes', () => {
  // Covers IN-52
  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['half a request', 'GET / HTT', 408],
    ['a tunnel', tunnel, 405],
  ])('is closed soon after the response: %s', async (_, text, status) => {
    await using server = await openTestServer({ limits: { ...impatient, maxConnections: 2 }, liveSockets: 0 })
    using one = holdConnection(server.url, text)
    using other = holdConnection(server.url, text)
    for (const response of await Promise.all([one.read(), other.read()]))
      expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*"request_id":"[^"]*"}}$`))
    await vi.waitFor(async () => expect((await server.request('/healthz')).status).toBe(200), SOON)
  })

  // Covers IN-52
  it.each([
    ['half a request', 'GET / HTT'],
    ['a tunnel', tunnel],
  ])('does not delay a shutdown: %s', async (_, text) => {
    await using server = await openTestServer({ limits: impatient })
    using held = holdConnection(server.url, text)
    await held.responded()
    const start = performance.now()
    await server.drain(100)
    expect(performance.now() - start).toBeLessThan(400)
  })

  // Covers IN-52
  it('delivers nothing after its request timed out', async () => {
    await using server = await openTestServer({ limits: impatient })
    const body = '{"content":"a","sender":"b"}'
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    using held = holdConnection(server.url, request(server.url, 'POST', '/messages', ...headers))
    await held.responded()
    held.write(body)
    expect(await held.read()).toMatch(/^HTTP\/1.1 408 /)
    await pause(100)
    expect(await server.engine.list()).toEqual([])
  })
})

describe('a response', () => {
  // Covers IN-52
  it('is aborted if the client reads nothing of it', async () => {
    const { server, everything } = await openFullServer({ unreadTimeout: 1_000, maxConnections: 1 })
    await using _ = server
    using held = holdConnection(server.url, everything)
    await held.responded()
    await expect(server.request('/healthz')).rejects.toThrow()
    await vi.waitFor(async () => expect((await server.request('/healthz')).status).toBe(200), SOON)
  })

  it('is sent to its end if the client reads it slowly', async () => {
    const { server, everything } = await openFullServer({ unreadTimeout: 300 })
    await using _ = server
    const start = performance.now()
    using slow = holdConnection(server.url, everything)
    const text = await slow.read(1024 * 1024)
    expect(performance.now() - start).toBeGreaterThan(600)
    expect(text.match(/"uid"/g)).toHaveLength(500)
    expect(text).toMatch(/\]\r\n0\r\n\r\n$/)
  })

  it('can take longer to produce than a client may take to read', async () => {
    await using server = await openTestServer({ limits: { unreadTimeout: 200 } })
    const { sync } = server.engine
    server.engine.sync = () => pause(600).then(() => sync())
    expect((await server.request('/sync', { method: 'POST' })).status).toBe(200)
  })

  // Covers IN-52
  it('closes its connection if it is the last that the limit allows', async () => {
    await using server = await openTestServer({ limits: { maxRequestsPerConnection: 3 } })
    const { text, took } = await exchange(server.url, [request(server.url, 'GET', '/healthz').repeat(5)])
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(Array(3).fill('HTTP/1.1 200'))
    expect(text.match(/Connection: [a-z-]+/g)).toEqual([
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: close',
    ])
    expect(took).toBeLessThan(2_000)
  })

  // Covers IN-51
  it('is never interrupted by an error response', async () => {
    const { server, everything } = await openFullServer({})
    await using _ = server
    using held = holdConnection(server.url, everything.replace('close', 'keep-alive'))
    await held.responded()
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked']
    held.write(`${request(server.url, 'POST', '/messages', ...headers)}zz\r\n`)
    await pause(100)
    expect((await held.read()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200'])
  })

  // Covers IN-51
  it('is never replaced by the error response of a later request', async () => {
    await using server = await openTestServer()
    const { sync } = server.engine
    server.engine.sync = () => pause(200).then(() => sync())
    const response = await exchange(server.url, [`${request(server.url, 'POST', '/sync')}garbage\r\n\r\n`])
    expect(response.text).toBe('')
  })
})
