import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openLog } from '../../../testing/open-log.js'
import { openRawServer } from '../../../testing/servers/open-raw-server.js'
import { openTestServer } from '../../../testing/servers/open-test-server.js'

describe('an allowed origin', () => {
  const origin = 'https://app.example.org'

  // Covers V3.4.2
  it('can read responses, without credentials', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const requestHeaders = { origin, 'sec-fetch-site': 'cross-site' }
    const { status, headers } = await server.request('/messages', { headers: requestHeaders })
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers.vary).toBe('Origin')
    const exposed = String(headers['access-control-expose-headers']).split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Gitmsg-Position', 'Link']))
  })

  it('learns from a preflight which methods and headers it can send', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const { status, headers } = await server.request('/messages', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'sec-fetch-site': 'cross-site' },
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'DELETE, GET, HEAD, PATCH, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match',
    })
  })

  it('can read errors', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const { status, headers } = await server.request('/messages?limit=0', { headers: { origin } })
    expect([status, headers['access-control-allow-origin']]).toEqual([400, origin])
  })

  it.each(['http://app.example.org', 'https://app.example.org:8443', 'https://evil.example', 'null'])(
    'is compared exactly, so that another one is rejected: %s',
    async (other) => {
      await using server = await openTestServer({ allowedOrigins: [origin] })
      const { status, headers } = await server.request('/messages', { headers: { origin: other } })
      expect(status).toBe(403)
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )
})

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

describe('a request from another site', () => {
  it.each([
    ['Origin: https://evil.example'],
    ['Origin: null'],
    ['Origin: http://HOST.evil.example'],
    ['Origin: https://HOST'],
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Origin: http://HOST', 'Sec-Fetch-Site: cross-site'],
  ])('is rejected: %s', async (...headers) => {
    expectHttpError(await raw.get('/messages', ...headers), 403, 'origin_not_allowed')
    expectHttpError(await raw.get('/', ...headers), 403, 'origin_not_allowed')
  })

  it('is served if it is a link to the page, but to nothing else', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const send = async (path: string, more: Record<string, string> = {}, method = 'GET') =>
      (await raw.server.request(path, { method, headers: { ...link, ...more } })).status
    expect(await send('/')).toBe(200)
    expect(await send('/messages')).toBe(403)
    expect(await send('/', { 'sec-fetch-dest': 'iframe' })).toBe(403)
    expect(await send('/', { 'sec-fetch-mode': 'no-cors' })).toBe(403)
    expect(await send('/', { origin: 'https://evil.example' })).toBe(403)
    expect(await send('/', {}, 'HEAD')).toBe(403)
  })

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])('is rejected from an HTTP client: %j', async (headers) => {
    const response = await raw.server.request('/messages', { headers })
    expect([response.status, response.json.error.code]).toEqual([403, 'origin_not_allowed'])
  })

  // Covers IN-45, V3.4.2
  it('gets no CORS headers from a preflight', async () => {
    const response = await raw.send([
      'OPTIONS /messages HTTP/1.1',
      'Host: HOST',
      'Origin: https://evil.example',
      'Access-Control-Request-Method: POST',
      'Connection: close',
    ])
    expect(response.status).toBe(204)
    expect(response.headers.allow).toBe('GET, HEAD, POST')
    expect(response.text).not.toMatch(/access-control/i)
  })
})

it('a rejected origin is logged with the setting that allows it', async () => {
  const { logger, lines } = openLog()
  await using server = await openTestServer({ logger })
  await server.request('/messages', { headers: { origin: 'https://app.example.org' } })
  expect(lines()).toMatchObject([
    { code: 'origin_not_allowed', origin: 'https://app.example.org', setting: 'GITMSG_ALLOWED_ORIGINS' },
  ])
})

it('an app with a scheme of its own is served if its origin is listed', async () => {
  await using server = await openTestServer({ allowedOrigins: ['capacitor://localhost'] })
  const headers = { origin: 'capacitor://localhost', 'sec-fetch-site': 'cross-site' }
  const response = await server.request('/messages', { headers })
  expect(response.status).toBe(200)
  expect(response.headers['access-control-allow-origin']).toBe('capacitor://localhost')
})

it("the server's own page is served under any name of this machine", async () => {
  const host = `localhost:${raw.port}`
  const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
  expect((await raw.server.request('/messages', { headers })).status).toBe(200)
})
