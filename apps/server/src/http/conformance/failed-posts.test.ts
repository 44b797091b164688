import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

const message = { content: 'a', sender: 'b' }

// Covers IN-57, V16.5.3
it.each([
  ['storage_full', 507, '60', new StoreError('full', 'disk')],
  ['storage_busy', 503, '1', new StoreError('busy', 'lock')],
  ['storage_corrupt', 503, '60', new StoreError('corrupt', 'damage')],
  ['storage_unavailable', 503, '5', new StoreError('unavailable', 'away')],
  ['storage_unwritable', 503, '60', new StoreError('unwritable', 'read-only')],
  ['shutting_down', 503, '1', new StoreError('closed', 'gone')],
])('a message that cannot be stored is rejected with Retry-After: %s', async (...expected) => {
  const [code, status, retryAfter, error] = expected
  await using server = await openTestServer()
  server.engine.post = () => Promise.reject(error)
  const response = await server.post(message)
  expect([response.status, response.json.error.code, response.headers['retry-after']]).toEqual([
    status,
    code,
    retryAfter,
  ])
})

// Covers IN-59
it('a client that disconnects before the response can retry with the same key, and posts the message once', async () => {
  await using server = await openTestServer()
  const { host, hostname, port } = new URL(server.url)
  const body = JSON.stringify(message)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const stored = new Promise<void>((resolve) => {
    const post = server.engine.post
    server.engine.post = async (...input) => {
      const result = await post(...input)
      socket.destroy()
      await pause(20)
      server.engine.post = post
      resolve()
      return result
    }
  })
  const head = ['POST /messages HTTP/1.1', `Host: ${host}`, 'Content-Type: application/json']
  const length = [`Content-Length: ${body.length}`, 'Idempotency-Key: k1']
  socket.write(`${[...head, ...length].join('\r\n')}\r\n\r\n${body}`)
  await stored

  const { status, json } = await server.post(message, { 'idempotency-key': 'k1' })
  expect([status, json.message_id]).toEqual([201, 1])
  expect((await server.request('/messages')).json).toHaveLength(1)
})
