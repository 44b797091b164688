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
  const result = await client.send({ content: 'hello', sender: 'ada' }, 'k1')
  expect(result).toEqual({ kind: 'success', value: { message_id: 7 }, next: null, position: null })
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
  const result = await client.retrieve('messages?limit=2', 'polling', AbortSignal.abort())
  expect(result).toEqual({ kind: 'no-response', problem: 'Canceled by a newer request' })
})

it('edit() and remove() name the version that the user has read', async () => {
  const { client, exchanges } = openClient()
  await client.edit({ id: 7, version: 3 }, { topic: null }, 'k1')
  await client.remove({ id: 7 })
  expect(exchanges.map(([{ request }]) => request)).toMatchObject([
    {
      method: 'PATCH',
      target: '/gitmsg/messages/7',
      headers: expect.arrayContaining([
        ['If-Match', '"3"'],
        ['Idempotency-Key', 'k1'],
      ]),
      body: '{"topic":null}',
    },
    {},
    { method: 'DELETE', headers: expect.arrayContaining([['If-Match', '"1"']]), body: null },
    {},
  ])
})

it('reactions() finds those of one sender to one message', async () => {
  const { client, exchanges } = openClient()
  await client.reactions('0193', 'a&b')
  expect(exchanges[0]?.[0].request.target).toBe(
    '/gitmsg/messages?format=reaction&reply_to=0193&sender=a%26b&limit=1000',
  )
})
