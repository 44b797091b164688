import { expect, it } from 'vitest'
import { callAsCurl } from './call-as-curl.js'
import type { Operation } from './openapi-types.js'

const operation: Operation = { operationId: 'x', tags: [], summary: '', responses: {} }

it('asks for the first message where a path wants one', () => {
  const command = callAsCurl(
    'http://h/',
    { method: 'GET', path: '/messages/{key}', operation },
    (part) => part,
  )
  expect(command).toBe('curl --include http://h/messages/1')
})

it('sends the example of the body', () => {
  const schema = { examples: [{ content: "it's" }] }
  const requestBody = { description: '', content: { 'application/json': { schema } } }
  const call = { method: 'POST', path: '/messages', operation: { ...operation, requestBody } }
  expect(callAsCurl('http://h/', call, (part) => part)).toBe(
    [
      'curl --include http://h/messages',
      "--header 'Content-Type: application/json'",
      `--data-raw '{"content":"it'\\''s"}'`,
    ].join(' \\\n  '),
  )
})
