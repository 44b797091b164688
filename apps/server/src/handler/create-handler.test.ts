import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { APPLICATION, openTestServer } from '../testing/servers/open-test-handler.js'
import type { TestResponse } from '../testing/servers/open-test-server.js'

const HELLO = { content: 'Hello', sender: 'alice' }
const EVENTS = { headers: { accept: 'text/event-stream' } }

const live = (signal?: AbortSignal) =>
  new Request(`${APPLICATION}/live`, { ...EVENTS, ...(signal && { signal }) })

/** Expects an error in the format of all errors. */
function expectProblem({ status, json, headers }: TestResponse, expected: number, code: string): void {
  expect([status, json?.error.code]).toEqual([expected, code])
  expect(headers['x-request-id']).toBe(json.error.request_id)
}

/** Reads a stream until it has a text. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let read = ''
  while (!read.includes(text)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`The stream ended before ${text}:\n${read}`)
    read += Buffer.from(value).toString()
  }
  return read
}

describe('createHandler()', () => {
  it('serves the API below its base path, and nothing else', async () => {
    await using server = await openTestServer({ basePath: '/chat/' })
    const posted = await server.send('POST', '/chat/messages', HELLO)
    expect(posted).toMatchObject({ status: 201, json: { status: 'success', message_id: 1 } })
    expect(posted.headers.location).toBe('messages/1')
    expect((await server.request('/chat/messages?limit=1')).json).toMatchObject([HELLO])
    for (const path of ['/messages', '/chatmessages', '/chat', '/chat/', '/', '/metrics', '/chat/metrics']) {
      expectProblem(await server.request(path), 404, 'not_found')
    }
  })

  it('responds to HEAD, to If-None-Match and to OPTIONS without a body', async () => {
    await using server = await openTestServer({ allowedOrigins: ['https://other.example.org'] })
    await server.post(HELLO)
    const { headers, text } = await server.request('/messages')
    const head = await server.request('/messages', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)))
    const known = await server.request('/messages', { headers: { 'if-none-match': String(headers.etag) } })
    expect(known).toMatchObject({ status: 304, text: '' })
    const options = await server.request('/messages', { method: 'OPTIONS' })
    expect(options).toMatchObject({ status: 204, text: '' })
    expect(options.headers.allow).toContain('POST')
  })

  // Covers IN-07
  it('rejects bodies as the server does, without reading more than their limit', async () => {
    await using server = await openTestServer()
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(16 * 1024).fill(0x20))
      },
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, duplex: 'half' } as const
    const response = await server.handler(new Request(`${APPLICATION}/messages`, { ...init, body: endless }))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } })
    expect(pulled).toBeGreaterThan(4)
    expect(pulled).toBeLessThan(200)
    const json = { 'content-type': 'application/json' }
    const request = (body: string | Uint8Array, headers = json) =>
      server.request('/messages', { method: 'POST', body, headers })
    expectProblem(await request('{'), 400, 'invalid_json')
    expectProblem(await request(Buffer.from([0x22, 0xff, 0x22])), 400, 'invalid_utf8')
    const encoded = { ...json, 'content-encoding': 'gzip' }
    expectProblem(await request('x', encoded), 415, 'unsupported_encoding')
    expectProblem(await server.post({ content: '' }), 422, 'empty')
  })

  it('streams a list that is long, and stops when its reader does', async () => {
    await using server = await openTestServer({ isStandby: true })
    const content = 'x'.repeat(30_000)
    for (let number = 0; number < 60; number += 1) await server.engine.post({ content, sender: 'alice' })
    expect((await server.request('/messages?limit=60')).json).toHaveLength(60)
    const response = await server.handler(new Request(`${APPLICATION}/messages?limit=60`))
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
    expect((await reader.read()).value?.length).toBeGreaterThan(0)
    await reader.cancel()
    expect((await server.request('/healthz')).status).toBe(200)
  })

  it("serves pages of the application's own origin and of those that are allowed", async () => {
    await using server = await openTestServer({ allowedOrigins: ['https://other.example.org'] })
    const from = (origin: string, headers = {}) => server.post(HELLO, { origin, ...headers })
    expect((await from(APPLICATION, { 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const other = await from('https://other.example.org', { 'sec-fetch-site': 'same-site' })
    expect(other.status).toBe(201)
    expect(other.headers['access-control-allow-origin']).toBe('https://other.example.org')
    for (const origin of ['https://evil.example.org', 'http://app.example.org', 'null']) {
      expectProblem(await from(origin), 403, 'origin_not_allowed')
    }
  })

  it('does not mind cookies of the application, or a Host that it does not know', async () => {
    await using server = await openTestServer()
    const cookie = `session=${'x'.repeat(20_000)}`
    expect((await server.request('/messages', { headers: { cookie, host: 'a.example' } })).status).toBe(200)
  })

  it('rejects with the reason of a signal that has aborted', async () => {
    await using server = await openTestServer()
    const request = new Request(`${APPLICATION}/messages`, { signal: AbortSignal.abort(new Error('gone')) })
    await expect(server.handler(request)).rejects.toThrow('gone')
  })

  it('opens no port', async () => {
    const count = () => process.getActiveResourcesInfo().filter((name) => /^TCP/.test(name)).length
    const before = count()
    await using server = await openTestServer()
    expect((await server.post(HELLO)).status).toBe(201)
    expect(count()).toBe(before)
  })
})

describe('createHandler() with authenticate', () => {
  const callers = {
    alice: { name: 'alice@example.org', sender: 'alice' },
    reader: { name: 'reader', scopes: ['read'] },
    moderator: { name: 'moderator', sender: 'bob', scopes: ['read', 'write', 'moderate'] },
  } as const
  const open = () =>
    openTestServer({
      async authenticate(request) {
        const name = request.headers.get('cookie')?.replace('session=', '') as keyof typeof callers
        return callers[name] ?? null
      },
    })
  const as = (name: string, headers = {}) => ({ cookie: `session=${name}`, ...headers })

  it('lets a caller do what its scopes allow, as its sender', async () => {
    await using server = await open()
    expect((await server.post(HELLO, as('alice'))).status).toBe(201)
    expectProblem(await server.post({ ...HELLO, sender: 'bob' }, as('alice')), 403, 'sender_not_allowed')
    expectProblem(await server.post(HELLO, as('reader')), 403, 'insufficient_scope')
    expect((await server.request('/messages', { headers: as('reader') })).json).toHaveLength(1)
    const edited = await server.send('PATCH', '/messages/1', { content: 'Hi' }, as('moderator'))
    expect(edited.json).toMatchObject({ content: 'Hi', updated_by: 'bob' })
  })

  it('rejects callers that are not known, whatever they send as a token', async () => {
    await using server = await open()
    expectProblem(await server.request('/messages'), 401, 'missing_token')
    for (const authorization of ['Bearer a', 'Bearer 00000000-0000-4000-8000-000000000000']) {
      const headers = { authorization }
      expectProblem(await server.request('/messages', { headers }), 401, 'missing_token')
      expect((await server.request('/messages', { headers: as('alice', headers) })).status).toBe(200)
    }
    expect((await server.request('/openapi.json')).status).toBe(200)
  })
})

describe('the live channel of createHandler()', () => {
  it('streams what is posted, and ends when the request is aborted', async () => {
    await using server = await openTestServer({ liveStreams: 1 })
    const controller = new AbortController()
    const response = await server.handler(live(controller.signal))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
    await readUntil(reader, 'event: welcome')
    await server.post(HELLO)
    expect(await readUntil(reader, 'event: messages')).toContain('"content":"Hello"')
    expectProblem(await server.request('/live', EVENTS), 503, 'live_full')
    controller.abort()
    await expect(readUntil(reader, 'never')).rejects.toThrow()
    await expectPlace(server)
  })

  it('ends when the stream is cancelled', async () => {
    await using server = await openTestServer({ liveStreams: 1 })
    const response = await server.handler(live())
    await response.body?.cancel()
    await expectPlace(server)
  })

  it('ends with a bye when the handler is closed, and accepts no more clients', async () => {
    await using server = await openTestServer()
    const response = await server.handler(live())
    const reading = response.text()
    await pause(0)
    await server.handler.close()
    expect(await reading).toContain('event: bye')
    expectProblem(await server.request('/live', EVENTS), 503, 'shutting_down')
    expectProblem(await server.post(HELLO), 503, 'shutting_down')
  })

  it('is not there with a limit of 0, and has no WebSocket', async () => {
    await using without = await openTestServer({ liveStreams: 0 })
    expectProblem(await without.request('/live', EVENTS), 404, 'not_found')
    await using server = await openTestServer()
    expectProblem(await server.request('/live'), 406, 'not_acceptable')
  })

  /** Waits until the only place is free again. */
  async function expectPlace(server: Awaited<ReturnType<typeof openTestServer>>): Promise<void> {
    await vi.waitFor(async () => {
      const response = await server.handler(live())
      await response.body?.cancel()
      expect(response.status).toBe(200)
    })
  }
})
