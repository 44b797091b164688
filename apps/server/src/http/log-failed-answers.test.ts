import { setTimeout as pause } from 'node:timers/promises'
import type { StoredMessage } from '@gitmsg/store'
import { expect, it, vi } from 'vitest'
import { exchange } from '../testing/exchange.js'
import { holdConnection } from '../testing/hold-connection.js'
import { openLog } from '../testing/open-log.js'
import { openTestServer } from '../testing/open-test-server.js'

const ask = (url: string, query: string) =>
  `GET /messages?${query} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`

// Covers IN-59
it('a client that goes away in the middle of an answer is no error', async () => {
  const log = openLog('debug')
  await using server = await openTestServer({ logger: log.logger })
  const message = { content: 'x'.repeat(32_000), sender: 'a' }
  await Promise.all(Array.from({ length: 500 }, () => server.engine.post(message)))
  {
    using leaving = holdConnection(server.url, ask(server.url, 'limit=500'))
    await leaving.answered()
  }
  const lines = await vi.waitFor(() => {
    const lines = log.lines()
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'client has gone' }))
    return lines
  })
  await pause(100)
  for (const { level } of [...lines, ...log.lines()]) expect(level).toBe(20)
})

it('an answer that breaks on our side is one', async () => {
  const log = openLog()
  await using server = await openTestServer({ logger: log.logger })
  const messages = [{ content: 'x'.repeat(600_000) }, { content: 2n }]
  server.engine.page = async () => ({ messages: messages as unknown as StoredMessage[], next: null })
  const { text } = await exchange(server.url, [ask(server.url, 'limit=2')])
  expect(text).not.toMatch(/\r\n0\r\n\r\n$/)
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ msg: 'answer failed', level: 50, request_id: expect.any(String) }),
  )
})
