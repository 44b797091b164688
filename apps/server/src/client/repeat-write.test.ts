import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { ClientError, createClient } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../testing/servers/open-test-server.js'
import { repeatWrite } from './repeat-write.js'

/** Passes requests on to a server, and cuts the first connections when their responses come. */
async function openProxy(lost: number) {
  const target = { url: '' }
  const counts = { cut: 0 }
  const proxy = createServer((client) => {
    const server = connect(Number(new URL(target.url).port), '127.0.0.1')
    for (const socket of [client, server]) socket.on('error', () => {})
    client.pipe(server)
    server.once('data', (data) => {
      if (counts.cut < lost) {
        counts.cut += 1
        client.resetAndDestroy()
        server.destroy()
      } else {
        client.write(data)
        server.pipe(client)
      }
    })
    client.on('close', () => server.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return { host, url: `http://${host}`, target, counts, [Symbol.dispose]: () => void proxy.close() }
}

const MESSAGE = { content: 'once', sender: 'alice' }
const WRITE = { idempotencyKey: 'key' }

describe('repeatWrite()', () => {
  it('stores a message once, however often the response is lost', async () => {
    using proxy = await openProxy(3)
    await using server = await openTestServer({ allowedHosts: [proxy.host] })
    proxy.target.url = server.url
    const client = createClient({ url: proxy.url })
    const posted = await repeatWrite(() => client.post(MESSAGE, WRITE), { pauseMs: 1 })
    expect([posted, proxy.counts.cut]).toEqual([{ status: 'success', message_id: 1 }, 3])
    expect(await server.engine.list({})).toHaveLength(1)
  })

  it('rejects in the end with the reason, and that the outcome is unknown', async () => {
    using proxy = await openProxy(Number.POSITIVE_INFINITY)
    await using server = await openTestServer({ allowedHosts: [proxy.host] })
    proxy.target.url = server.url
    const client = createClient({ url: proxy.url })
    const writing = repeatWrite(() => client.post(MESSAGE, WRITE), { patienceMs: 50, pauseMs: 10 })
    await expect(writing).rejects.toMatchObject({ code: 'outcome-unknown', cause: { code: 'unreachable' } })
    expect(proxy.counts.cut).toBeGreaterThan(0)
  })

  it('goes on after a broken connection while the server is away', async () => {
    const errors = [
      failure('timed-out'),
      failure('unreachable', 'ECONNREFUSED'),
      failure('invalid-response', undefined, 502),
    ]
    const write = async () => {
      const error = errors.shift()
      if (error) throw error
      return 'stored'
    }
    expect(await repeatWrite(write, { pauseMs: 1 })).toBe('stored')
  })

  it.each([
    ['a server that cannot be reached', failure('unreachable', 'ECONNREFUSED')],
    ['a certificate that is not trusted', failure('unreachable', 'DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['an error of the server', failure('empty', undefined, 422)],
    ['an error that is not of the client', new Error('no')],
  ])('does not repeat after %s', async (_, error) => {
    let count = 0
    const write = async () => {
      count += 1
      throw error
    }
    await expect(repeatWrite(write, { pauseMs: 1 })).rejects.toBe(error)
    expect(count).toBe(1)
  })

  it('rejects with the response of the server that comes after a broken connection', async () => {
    const errors = [failure('timed-out'), failure('invalid_reply_to', undefined, 422)]
    const write = async () => {
      throw errors.shift()
    }
    await expect(repeatWrite(write, { pauseMs: 1 })).rejects.toMatchObject({ code: 'invalid_reply_to' })
  })
})

function failure(code: string, reason?: string, status = 0): ClientError {
  const cause =
    reason && new TypeError('fetch failed', { cause: Object.assign(new Error(reason), { code: reason }) })
  return new ClientError(code, 'It failed.', { status, cause })
}
