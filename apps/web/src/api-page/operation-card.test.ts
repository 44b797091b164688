import { describe, expect, it } from 'vitest'
import type { Operation } from './openapi.js'
import { exampleCommand } from './operation-card.js'

describe('exampleCommand()', () => {
  const operation: Operation = { operationId: 'x', tags: [], summary: '', responses: {} }

  it('requests the first message if the path has a parameter', () => {
    const endpoint = { method: 'GET', path: '/messages/{key}', operation }
    expect(exampleCommand('http://h/', endpoint, (part) => part)).toBe('curl --include http://h/messages/1')
  })

  it("sends the document's example as body", () => {
    const schema = { examples: [{ content: "it's" }] }
    const requestBody = { description: '', content: { 'application/json': { schema } } }
    const endpoint = { method: 'POST', path: '/messages', operation: { ...operation, requestBody } }
    expect(exampleCommand('http://h/', endpoint, (part) => part)).toBe(
      [
        'curl --include http://h/messages',
        "--header 'Content-Type: application/json'",
        `--data-raw '{"content":"it'\\''s"}'`,
      ].join(' \\\n  '),
    )
  })
})
