import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { exchange } from './exchange.js'

const URL_TEXT = 'http://app.example.org/messages?limit=1'
const TARGET = { path: '/messages?limit=1', headers: new Headers({ host: 'a.invalid', te: 'trailers' }) }

type Received = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string }

/** A server that does not listen, and what it has received. */
function openServer(respond: (response: ServerResponse) => void = (response) => void response.end('ok')) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    received.push({ method, url, headers, body: await text(request).catch(() => 'aborted') })
    respond(response)
  })
  return { server, received }
}

describe('exchange()', () => {
  it.each(['POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT'])(
    'sends the body of %s as one, even if it looks like a request or says another length',
    async (method) => {
      const { server, received } = openServer()
      const body = 'POST /messages HTTP/1.1\r\nHost: a.invalid\r\nContent-Length: 0\r\n\r\n'
      const headers = new Headers({ ...Object.fromEntries(TARGET.headers), 'content-length': '4' })
      const response = await exchange(server, new Request(URL_TEXT, { method, body }), { ...TARGET, headers })
      expect(await response.text()).toBe('ok')
      expect(received).toMatchObject([{ method, url: TARGET.path, body }])
      expect(received[0]?.headers).not.toHaveProperty('te')
    },
  )

  it.each([204, 205, 304])('resolves with %d, which has no body', async (status) => {
    const { server } = openServer((response) => void response.writeHead(status, { etag: '"1"' }).end())
    const response = await exchange(server, new Request(URL_TEXT), TARGET)
    expect([response.status, response.headers.get('etag'), response.body]).toEqual([status, '"1"', null])
  })

  it('disconnects from the server when the request is aborted before there is a response', async () => {
    const closed = vi.fn()
    const { server } = openServer((response) => void response.once('close', closed))
    const controller = new AbortController()
    const { signal } = controller
    const sending = exchange(server, new Request(URL_TEXT, { signal }), TARGET)
    await once(server, 'request')
    controller.abort(new Error('gone'))
    await expect(sending).rejects.toThrow('gone')
    await vi.waitFor(() => expect(closed).toHaveBeenCalled())
  })

  it('disconnects when a body cannot be read any more, and rejects with its error', async () => {
    const { server, received } = openServer()
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) })
    const init = { method: 'POST', body, duplex: 'half' } as const
    await expect(exchange(server, new Request(URL_TEXT, init), TARGET)).rejects.toThrow('broken')
    await vi.waitFor(() => expect(received.every((request) => request.body === 'aborted')).toBe(true))
  })

  it('fails to read a response that the server has cut', async () => {
    const { server } = openServer((response) => {
      response.write('a')
      setTimeout(() => response.destroy(), 10)
    })
    const response = await exchange(server, new Request(URL_TEXT), TARGET)
    await expect(response.text()).rejects.toThrow()
  })
})
