import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApiClient } from './api-client.js'
import type { Exchange, Purpose } from './exchange.js'

const BASE = 'http://localhost/gitmsg/'
const fetchMock = vi.fn<typeof fetch>()

beforeEach(() => {
  vi.stubGlobal('fetch', fetchMock)
  fetchMock.mockImplementation(async () => new Response('{"message_id":7}', { status: 201 }))
})

afterEach(() => {
  fetchMock.mockReset()
  vi.unstubAllGlobals()
})

const openClient = () => {
  const exchanges: [Exchange, Purpose][] = []
  const client = createApiClient(BASE, (exchange, purpose) => exchanges.push([exchange, purpose]))
  return { client, exchanges }
}

it('send() posts the draft as JSON with its idempotency key, below the path of the page', async () => {
  const { client, exchanges } = openClient()
  const result = await client.send({ content: 'hello', sender: 'ada', key: 'k1' })
  expect(result).toEqual({ kind: 'success', value: { message_id: 7 }, next: null })
  expect(exchanges[0]?.[0].request).toEqual({
    method: 'POST',
    url: 'http://localhost/gitmsg/messages',
    target: '/gitmsg/messages',
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
      ['Idempotency-Key', 'k1'],
    ],
    body: '{"content":"hello","sender":"ada"}',
  })
})

it('reports each exchange when it is sent and when it is complete', async () => {
  const { client, exchanges } = openClient()
  await client.synchronize()
  expect(exchanges).toMatchObject([
    [{ response: null, problem: null, durationMs: null }, 'action'],
    [{ response: { status: 201 }, problem: null }, 'action'],
  ])
  expect(exchanges[1]?.[0].request).toBe(exchanges[0]?.[0].request)
})

it('retrieve() resolves with a problem when its signal aborts', async () => {
  const { client } = openClient()
  fetchMock.mockImplementation(async (_url, init) => {
    init?.signal?.throwIfAborted()
    return new Response('[]')
  })
  const result = await client.retrieve('?limit=2', 'polling', AbortSignal.abort())
  expect(result).toEqual({ kind: 'no-response', problem: 'Canceled by a newer request' })
})
