import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { openRawServer } from '../../testing/open-raw-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

describe('a request URL', () => {
  it.each(['//#@%20', '/messages#x', '/mess\u00a0ages', '/\u00ff', 'http://HOST/#x'])(
    'is rejected if it is not valid: %s',
    async (target) => {
      const { server, host } = raw
      const text = `GET ${target.replace('HOST', host)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
      expectHttpError(await exchange(server.url, [Buffer.from(text, 'latin1')]), 400, 'invalid_request')
    },
  )

  const dots = ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '//etc/passwd']
  const odd = ['/%00', '/%ff', '/%', '/.git/config', '/CON', '/index.html%00.png', '/INDEX.HTML', '/\\..\\x']
  // Covers V1.1.1, V4.1.1, V5.3.2, V13.4.1
  it.each([...dots, ...odd])('never leads outside the routes and the web files: %s', async (path) => {
    expectHttpError(await raw.get(path), 404, 'not_found')
  })

  it.each(['http://HOST/messages', 'http://localhost:PORT/messages?limit=1'])(
    'can be absolute, with a host of this server: %s',
    async (target) => {
      const { status } = await raw.get(target.replace('PORT', raw.port))
      expect(status).toBe(200)
    },
  )

  // Covers IN-54
  it.each([
    'http://evil.example/messages',
    'https://HOST/messages',
    'ftp://HOST/messages',
    'http:///messages',
  ])('is rejected if it is absolute with a foreign host or scheme: %s', async (target) => {
    expectHttpError(await raw.get(target), 421, 'host_not_allowed')
  })
})

it('OPTIONS * is accepted', async () => {
  expect((await raw.send(['OPTIONS * HTTP/1.1', 'Host: HOST', 'Connection: close'])).status).toBe(204)
})
