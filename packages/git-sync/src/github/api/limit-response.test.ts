import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { watchMemory } from '../../testing/watch-memory.js'
import { failureOf, openGithubFixture } from '../testing/github-fixture.js'
import { type Fetch, limitResponse } from './limit-response.js'

const MEBIBYTE_BYTES = 1024 * 1024
const MEMBERS = 64

/** A server that sends 1 GiB of spaces as 1 MB of gzip, with any status. */
async function startBomb(status: number) {
  const member = gzipSync(Buffer.alloc(16 * MEBIBYTE_BYTES, ' '))
  let requests = 0
  const server = createServer((_request, response) => {
    requests += 1
    response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    for (let sent = 0; sent < MEMBERS; sent += 1) response.write(member)
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('a response that is small until it is decompressed', () => {
  // Covers IN-71
  it.each([200, 404, 502])('is ended at the limit, with a clear error, with status %s', async (status) => {
    await using fixture = await openGithubFixture()
    await using bomb = await startBomb(status)
    const memory = watchMemory()
    const error = await failureOf(fixture.open({ baseUrl: bomb.url }).head())
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: 'a response from GitHub, or a proxy, is over 16 MiB: not read',
    })
    expect(memory.growth()).toBeLessThan(128 * MEBIBYTE_BYTES)
    expect(bomb.requests()).toBe(1)
  })
})

describe('limitResponse', () => {
  const responding: Fetch = async (size) => new Response('x'.repeat(Number(size)), { status: 418 })

  it('passes a response on, unchanged', async () => {
    const response = (await limitResponse(responding)('5', {})) as Response
    expect(response.status).toBe(418)
    expect([...response.headers]).toEqual([['content-type', 'text/plain;charset=UTF-8']])
    expect(await response.text()).toBe('xxxxx')
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('xxxxx')
  })

  it('has a higher limit for a file that is known to be larger', async () => {
    const size = String(17 * MEBIBYTE_BYTES)
    await expect(limitResponse(responding)(size, {})).rejects.toThrow('16 MiB')
    await expect(limitResponse(responding, 18 * MEBIBYTE_BYTES)(size, {})).resolves.toBeDefined()
  })
})
