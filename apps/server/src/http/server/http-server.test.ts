import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'

// Covers IN-52, V2.4.1
it('slow clients are disconnected in time, with a response, and do not delay other clients', async () => {
  await using server = await openTestServer()
  const { host } = new URL(server.url)
  const head = `POST /messages HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
  const dripping = Array.from({ length: 200 }, (_, number) => `X-${number}: 1\r\n`)
  const letters = Array.from({ length: 200 }, () => 'x')
  const slow = { pauseMs: 100 }
  const slowClients = [
    exchange(server.url, [head]),
    exchange(server.url, [head, ...dripping], slow),
    exchange(server.url, [`${head}Content-Length: 500\r\n\r\n{"content`]),
    exchange(server.url, [`${head}Content-Length: 500\r\n\r\n`, ...letters], slow),
    exchange(
      server.url,
      [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...letters.map((x) => `1\r\n${x}\r\n`)],
      slow,
    ),
    ...Array.from({ length: 100 }, () => exchange(server.url, [head])),
  ]
  const times = await measureResponseTimes(server, 8_000)
  const [silent, drip, ...bodies] = await Promise.all(slowClients)

  for (const response of [silent, drip, ...bodies.slice(0, 3)]) {
    expect([response?.status, response?.json?.error.code]).toEqual([408, 'request_timeout'])
    expect(response?.text.match(/HTTP\/1\.1/g)).toHaveLength(1)
  }
  // Half a second after their limits, with a margin for a busy machine.
  expect(Math.max(silent?.took ?? 0, drip?.took ?? 0)).toBeLessThan(7_000)
  expect(Math.max(...bodies.slice(0, 3).map(({ took }) => took))).toBeLessThan(12_000)
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(250)
  expect(await server.engine.list()).toEqual([])
}, 30_000)

/** The response times of a client that sends a request every 20 ms: sorted, in milliseconds. */
async function measureResponseTimes(
  server: { request(path: string): Promise<unknown> },
  milliseconds: number,
): Promise<number[]> {
  const times: number[] = []
  for (const end = performance.now() + milliseconds; performance.now() < end; await pause(20)) {
    const start = performance.now()
    await server.request('/messages')
    times.push(performance.now() - start)
  }
  return times.toSorted((one, other) => one - other)
}
