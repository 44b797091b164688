import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openRawServer } from '../../../testing/open-raw-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

describe('an unsupported method', () => {
  // Covers IN-44, V13.4.4
  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'SEARCH'])(
    'is rejected on every path: %s',
    async (method) => {
      for (const path of ['/messages', '/messages/1', '/', '/healthz', '/absent']) {
        const response = await raw.send([`${method} ${path} HTTP/1.1`, 'Host: HOST', 'Connection: close'])
        expectHttpError(response, 405, 'method_not_allowed')
        expect(response.headers.allow).toMatch(/^GET, HEAD(, POST)?$/)
      }
    },
  )

  // Covers V3.5.3
  it.each([
    ['DELETE', '/messages', 'HEAD, GET, POST'],
    ['PUT', '/messages/1', 'HEAD, GET'],
    ['TRACE', '/messages', 'HEAD, GET, POST'],
    ['POST', '/healthz', 'HEAD, GET'],
  ])('is rejected with the methods that are allowed: %s %s', async (method, path, allow) => {
    const { status, json, headers } = await raw.server.request(path, { method })
    expect([status, json.error.code]).toEqual([405, 'method_not_allowed'])
    expect(String(headers.allow).split(', ').sort()).toEqual(allow.split(', ').sort())
  })
})

it('HEAD receives a response without a body', async () => {
  const response = await raw.send(['HEAD /messages HTTP/1.1', 'Host: HOST', 'Connection: close'])
  expect(response.status).toBe(200)
  expect(response.text).toMatch(/\r\n\r\n$/)
})
