import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useAccessToken } from './access-token.js'
import { performExchange } from './exchange.js'

const REQUEST = {
  method: 'POST',
  url: 'http://localhost/messages',
  target: '/messages',
  headers: [['Accept', 'application/json']] as const,
  body: '{}',
}
const { signal } = new AbortController()
const fetchMock = vi.fn<typeof fetch>()

beforeEach(() => {
  vi.stubGlobal('fetch', fetchMock)
})

afterEach(() => {
  useAccessToken('')
  fetchMock.mockReset()
  vi.unstubAllGlobals()
})

it('performExchange() returns the status, the headers and the whole body', async () => {
  fetchMock.mockResolvedValue(new Response('{"a":1}', { status: 201, headers: { location: 'messages/1' } }))
  const { request, response, problem, durationMs } = await performExchange(REQUEST, signal)
  expect(request).toBe(REQUEST)
  expect(response).toMatchObject({ status: 201, body: '{"a":1}' })
  expect(response?.headers).toContainEqual(['location', 'messages/1'])
  expect(problem).toBeNull()
  expect(durationMs).toBeGreaterThanOrEqual(0)
})

it('performExchange() sends the access token without showing it in the exchange', async () => {
  useAccessToken('secret')
  fetchMock.mockResolvedValue(new Response(''))
  const exchange = await performExchange(REQUEST, signal)
  expect(fetchMock.mock.calls[0]?.[1]?.headers).toContainEqual(['Authorization', 'Bearer secret'])
  expect(JSON.stringify(exchange)).not.toContain('secret')
})

it.each([
  [new DOMException('', 'TimeoutError'), 'The request timed out'],
  [new DOMException('', 'AbortError'), 'Canceled by a newer request'],
  [new TypeError('Failed to fetch'), 'The server cannot be reached'],
])('performExchange() describes a failed request: %s', async (error, problem) => {
  fetchMock.mockRejectedValue(error)
  expect(await performExchange(REQUEST, signal)).toMatchObject({ response: null, problem })
})
