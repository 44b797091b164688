import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ClientError, type ClientOptions, createClient } from './index.js'

interface Seen {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Respond = (response: ServerResponse, attempt: number, request: IncomingMessage) => void

/** A client, and a server that responds to its requests as a test says. */
async function open(respond: Respond, options: Partial<ClientOptions> = {}) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    seen.push({ line: `${method} ${url}`, headers, body: String(Buffer.concat(chunks)) })
    respond(response, seen.length, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, seen, client: createClient({ url, random: () => 0, ...options }) }
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response
    .writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))

const fail = (response: ServerResponse, status: number, code: string, headers = {}) =>
  json(
    response,
    status,
    { status: 'error', error: { code, message: 'Text.', field: 'content', request_id: 'r' } },
    headers,
  )

describe('a request', () => {
  it('has the token, the body and the idempotency key', async () => {
    const { client, seen } = await open(
      (response) => json(response, 201, { status: 'success', message_id: 7 }),
      {
        token: 'gitmsg_1',
      },
    )
    const posted = await client.post({ content: 'Hällo', sender: 'alice' }, { idempotencyKey: 'k' })
    expect(posted).toEqual({ status: 'success', message_id: 7 })
    expect(seen).toMatchObject([
      {
        line: 'POST /messages',
        body: '{"content":"Hällo","sender":"alice"}',
        headers: {
          authorization: 'Bearer gitmsg_1',
          'idempotency-key': 'k',
          'content-type': 'application/json',
        },
      },
    ])
  })

  it('stays below the path of the URL, whatever the key is', async () => {
    const { url, seen } = await open((response) => json(response, 200, {}))
    const client = createClient({ url: `${url}/chat` })
    await client.get('a/b?c')
    await client.edit(1, { topic: null }, { ifMatch: 2, idempotencyKey: 'k' })
    expect(seen).toMatchObject([
      { line: 'GET /chat/messages/a%2Fb%3Fc' },
      { line: 'PATCH /chat/messages/1', headers: { 'if-match': '"2"', 'idempotency-key': 'k' } },
    ])
    for (const key of ['', '.', '..']) {
      await expect(client.get(key)).rejects.toMatchObject({ code: 'invalid-argument' })
      await expect(client.history(key)).rejects.toMatchObject({ code: 'invalid-argument' })
    }
    expect(seen).toHaveLength(2)
  })

  it.each(['ftp://example.org', 'example.org', 'https://user:secret@example.org'])(
    'needs a proper URL, not %s',
    (url) => {
      expect(() => createClient({ url })).toThrow(
        expect.objectContaining({ code: 'invalid-argument', field: 'url' }),
      )
    },
  )
})

describe('a list', () => {
  const pages: Respond = (response, _, request) => {
    const before = new URL(request.url ?? '', 'http://x').searchParams.get('before')
    const [items, next] = before === null ? [[3, 2], 'before=2'] : [[1], null]
    const link = next === null ? {} : { Link: `<?${next}>; rel="next"` }
    json(response, 200, items, { ETag: '"t"', 'Gitmsg-Position': 'e:12', ...link })
  }

  it('is an array with its position and the way to the next page', async () => {
    const { client, seen } = await open(pages)
    const page = await client.list({ limit: 2, topic: 'a b', synchronized: false })
    expect(page).toEqual([3, 2])
    expect(JSON.stringify(page)).toBe('[3,2]')
    expect([page.position, page.etag]).toEqual([{ epoch: 'e', position: 12 }, '"t"'])
    const second = await page.next?.()
    expect([second, second?.next]).toEqual([[1], null])
    expect(seen.map(({ line }) => line)).toEqual([
      'GET /messages?limit=2&topic=a+b&synchronized=false',
      'GET /messages?before=2',
    ])
  })

  it('yields the items of all pages', async () => {
    const { client } = await open(pages)
    const items: unknown[] = []
    for await (const item of client.thread(1)) items.push(item)
    expect(items).toEqual([3, 2, 1])
  })

  it('goes on over pages without items, as a search may have them', async () => {
    const { client, seen } = await open((response, attempt) =>
      json(
        response,
        200,
        attempt === 3 ? [{ found: 1 }] : [],
        attempt < 3 ? { Link: '<?q=a&before=9>; rel="next"' } : {},
      ),
    )
    const items: unknown[] = []
    for await (const item of client.search({ q: '"a b" -c', sender: 'é' })) items.push(item)
    expect(items).toEqual([{ found: 1 }])
    expect(seen.map(({ line }) => line)).toEqual([
      'GET /search?q=%22a+b%22+-c&sender=%C3%A9',
      'GET /search?q=a&before=9',
      'GET /search?q=a&before=9',
    ])
  })

  it.each(['http://attacker.example/messages', '/other', '//attacker.example/messages'])(
    'never follows a link to %s',
    async (target) => {
      const { client } = await open((response) =>
        json(response, 200, [], { Link: `<${target}>; rel="next"` }),
      )
      await expect(client.list()).rejects.toMatchObject({ code: 'invalid-response' })
    },
  )

  it('rejects with not-modified when its entity tag is still the same', async () => {
    const { client, seen } = await open((response) => response.writeHead(304).end())
    await expect(client.topics({}, { ifNoneMatch: '"t"' })).rejects.toMatchObject({
      code: 'not-modified',
      status: 304,
    })
    expect(seen[0]?.headers['if-none-match']).toBe('"t"')
  })
})

describe('an error', () => {
  it('has the status, the code, the field and the request of the response', async () => {
    const { client } = await open((response) => fail(response, 422, 'too_long', { 'X-Request-Id': 'r' }))
    const error = await client.post({ content: '', sender: 'a' }).catch((error) => error)
    expect(error).toBeInstanceOf(ClientError)
    expect(error).toMatchObject({
      status: 422,
      code: 'too_long',
      field: 'content',
      requestId: 'r',
      message: 'Text.',
    })
  })

  it.each([
    ['a page of a proxy', 502, 'text/html', '<h1>Bad gateway</h1>'],
    ['an empty page', 200, 'text/html', ''],
    ['half a response', 200, 'application/json', '{"id":'],
    ['another value', 200, 'application/json', 'null'],
  ])('is invalid-response for %s', async (_, status, type, text) => {
    const { client } = await open((response) =>
      response.writeHead(status, { 'Content-Type': type }).end(text),
    )
    await expect(client.get(1)).rejects.toMatchObject({ code: 'invalid-response' })
    await expect(client.list()).rejects.toMatchObject({ code: 'invalid-response' })
  })

  it('is unreachable for a redirect, which could change the request or leak the token', async () => {
    const { client, seen } = await open((response) => response.writeHead(301, { Location: '/other' }).end())
    await expect(client.post({ content: 'a', sender: 'b' })).rejects.toMatchObject({ code: 'unreachable' })
    expect(seen).toHaveLength(1)
  })

  it('is unreachable without a server, and after a connection that was cut', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1' })
    await expect(client.get(1)).rejects.toMatchObject({ code: 'unreachable', status: 0 })
    const cut = await open((response) => response.destroy())
    await expect(cut.client.get(1)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('is timed-out or aborted without a response in time, also in the middle of one', async () => {
    const { client } = await open((response) => response.writeHead(200).write('['))
    await expect(client.list({}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timed-out' })
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 30)
    const aborted = client.list({}, { signal: controller.signal })
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', cause: { message: 'enough' } })
    await expect(client.get(1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('a busy server', () => {
  const busy =
    (status: number, header: string, times = 1): Respond =>
    (response, attempt) =>
      attempt <= times
        ? fail(response, status, 'storage_busy', { 'Retry-After': header })
        : json(response, 200, {})

  it.each([429, 503])('is asked again after its Retry-After: %i', async (status) => {
    const { client, seen } = await open(busy(status, '1'))
    const start = Date.now()
    await client.get(1)
    expect(Date.now() - start).toBeGreaterThanOrEqual(990)
    expect(seen).toHaveLength(2)
  })

  it('may name a date', async () => {
    const { client, seen } = await open(busy(503, new Date(Date.now() - 1000).toUTCString()))
    await client.status()
    expect(seen).toHaveLength(2)
  })

  it('is not asked again for what could then be stored twice', async () => {
    const { client, seen } = await open(busy(503, '0'))
    await expect(client.post({ content: 'a', sender: 'b' })).rejects.toMatchObject({
      status: 503,
      retryAfterMs: 0,
    })
    expect(seen).toHaveLength(1)
  })

  it.each([
    [
      'post',
      (client: ReturnType<typeof createClient>) =>
        client.post({ content: 'a', sender: 'b' }, { idempotencyKey: 'k' }),
    ],
    ['edit', (client: ReturnType<typeof createClient>) => client.edit(1, {}, { idempotencyKey: 'k' })],
    ['remove', (client: ReturnType<typeof createClient>) => client.remove(1)],
  ])('is asked again for a repeatable %s', async (_, call) => {
    const { client, seen } = await open(busy(503, '0', 2))
    await call(client)
    expect(seen).toHaveLength(3)
  })

  it('is asked at most four times, and not after a call is over', async () => {
    const always = await open(busy(503, '0', 99))
    await expect(always.client.get(1)).rejects.toMatchObject({ status: 503 })
    expect(always.seen).toHaveLength(4)
    const late = await open(busy(503, '60'))
    await expect(late.client.get(1)).rejects.toMatchObject({ status: 503, retryAfterMs: 60_000 })
    expect(late.seen).toHaveLength(1)
  })

  it.each([500, 502, 504, 507])('that has failed is not asked again: %i', async (status) => {
    const { client, seen } = await open(busy(status, '0'))
    await expect(client.get(1)).rejects.toMatchObject({ status })
    expect(seen).toHaveLength(1)
  })
})
