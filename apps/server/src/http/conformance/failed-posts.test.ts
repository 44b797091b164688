import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'
import { HttpProblem } from '../http-problem.js'

const message = { content: 'a', sender: 'b' }

// Covers IN-57, V16.5.3
it.each([
  ['storage_full', 507, '60', new StoreError('full', 'disk')],
  ['storage_busy', 503, '1', new StoreError('busy', 'lock')],
  ['shutting_down', 503, '1', new StoreError('closed', 'gone')],
])('a message that cannot be stored is answered with %s, and when to come back', async (...expected) => {
  const [code, status, retryAfter, error] = expected
  await using server = await openTestServer()
  server.engine.post = () => Promise.reject(error)
  const answer = await server.post(message)
  expect([answer.status, answer.json.error.code, answer.headers['retry-after']]).toEqual([
    status,
    code,
    retryAfter,
  ])
})

// Covers IN-57
it.each([
  [507, 'storage_full', '60'],
  [503, 'backlog_full', '1'],
] as const)('while there is no room no message is taken: %i %s', async (status, code, retryAfter) => {
  const assertRoom = () => Promise.reject(new HttpProblem(status, code, 'No room.'))
  await using server = await openTestServer({ assertRoom })
  const answer = await server.post(message)
  expect([answer.status, answer.json.error.code, answer.headers['retry-after']]).toEqual([
    status,
    code,
    retryAfter,
  ])
  expect((await server.call('/messages')).json).toEqual([])
})

it('once it shuts down no message is taken, and what there is can be read', async () => {
  await using server = await openTestServer()
  await server.post(message)
  server.health.draining = true
  const { status, json, headers } = await server.post(message)
  expect([status, json.error.code, headers['retry-after']]).toEqual([503, 'shutting_down', '1'])
  expect((await server.call('/messages')).json).toHaveLength(1)
})

// Covers IN-59
it('who hangs up before the answer finds the message with the same key, and it is there once', async () => {
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
  expect((await server.call('/messages')).json).toHaveLength(1)
})
