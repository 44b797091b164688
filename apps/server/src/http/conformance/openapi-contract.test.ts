import type { JsonSchema } from '@gitmsg/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valuesOf } from '../../testing/contract/arbitrary-values.js'
import { createDescribedResponses } from '../../testing/contract/described-responses.js'
import { requiredQueryOf } from '../../testing/contract/provoke-error.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { isOfAccounts } from '../openapi/accounts/account-operations.js'
import type { OpenapiDocument } from '../openapi/build-document.js'
import { OPERATIONS } from '../openapi/endpoints.js'
import { IF_NONE_MATCH, type Operation, type Parameter } from '../openapi/operation.js'

/** Without that of the live channel, whose response does not end, and those of accounts: they have tests of their own. */
const endpoints = Object.entries(OPERATIONS).filter(
  ([endpoint]) => endpoint !== 'GET /live' && !isOfAccounts(endpoint),
)
const reads = endpoints.filter(([endpoint]) => endpoint.startsWith('GET '))
const withQuery = endpoints.filter(([, { parameters = [] }]) => parameters.some((one) => one.in === 'query'))
const POST = 'POST /messages'
const PATCH = 'PATCH /messages/:key'
/** Valid by its schema, and nevertheless rejected: what it refers to, or goes with, decides. */
const DEPENDENT: Readonly<Record<string, readonly string[]>> = {
  'GET /messages': ['format'],
  'GET /search': ['q'],
  'GET /topics': ['before'],
  'GET /changes': ['after'],
}
const DEPENDENT_CODES = ['invalid_reply_to', 'missing_field', 'invalid_characters']

/** A server with a few messages, and the document that it serves. */
async function openDescribedServer() {
  const server = await openTestServer()
  for (let number = 1; number <= 3; number += 1) await server.post({ content: `${number}`, sender: 'alice' })
  const document: OpenapiDocument = (await server.request('/openapi.json')).json
  return { ...server, document, described: createDescribedResponses(document) }
}

/** Converts a parameter to the type of its schema, if it can be. */
function readText(text: string, { type }: JsonSchema): unknown {
  if (type === 'integer' && /^-?(?:0|[1-9]\d*)$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true'
  return text
}

const pathOf = (endpoint: string, key = '1') => endpoint.replace(/^\w+ /, '').replace(/:\w+/, key)

/** The path and query of a valid request. */
const urlOf = (endpoint: string, operation: Operation) => pathOf(endpoint) + requiredQueryOf(operation)

describe('the OpenAPI document', () => {
  it.each(endpoints)('describes the response to a valid request: %s', async (endpoint, operation) => {
    await using server = await openDescribedServer()
    const { body, response } = operation
    const [method = ''] = endpoint.split(' ')
    const [example] = (server.document.components.schemas[body ?? '']?.examples ?? []) as object[]
    const received = await server.request(urlOf(endpoint, operation), {
      method,
      ...(example && { body: JSON.stringify(example), headers: { 'content-type': 'application/json' } }),
    })
    expect(received.status).toBe(response.status)
    server.described.expect(endpoint, received)
  })

  it.each(withQuery)(
    'describes the responses to random queries: %s',
    async (endpoint, { parameters = [], response }) => {
      await using server = await openDescribedServer()
      const statuses = new Set<number>()
      const query = fc.record(
        Object.fromEntries(
          parameters
            .filter((one) => one.in === 'query')
            .map(({ name, schema }) => [name, valuesOf(schema).map(String)]),
        ),
        { requiredKeys: [] },
      )
      await fc.assert(
        fc.asyncProperty(query, async (given) => {
          const sent = new URLSearchParams(given as Record<string, string>)
          const received = await server.request(`${pathOf(endpoint)}?${sent}`)
          statuses.add(received.status)
          server.described.expect(endpoint, received)
          const wrong = [...sent].filter(([name, text]) => isWrong(name, text)).map(([name]) => name)
          if (wrong.length > 0 || received.status === 400) {
            expect([...wrong, ...(DEPENDENT[endpoint] ?? [])]).toContain(received.json.error.field)
          } else if (received.status === 409) expect(received.json.error.code).toBe('epoch_changed')
          else expect(received.status).toBe(response.status)
        }),
        { numRuns: 200 },
      )
      expect([...statuses]).toEqual(expect.arrayContaining([response.status, 400]))

      function isWrong(name: string, text: string): boolean {
        const index = parameters.findIndex((parameter) => parameter.name === name)
        const { schema } = parameters[index] as Parameter
        const path = `#/paths/${encodeURIComponent(pathOf(endpoint, '{key}').replaceAll('/', '~1'))}`
        return (
          server.described.problems(`${path}/get/parameters/${index}/schema`, readText(text, schema)).length >
          0
        )
      }
    },
  )

  it('describes the responses to random messages', async () => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const schema = server.document.components.schemas.NewMessage as JsonSchema
    const dependent = expect.toSatisfy(
      ({ format, reply_to }) => format === 'reaction' || reply_to !== undefined,
    )
    await fc.assert(
      fc.asyncProperty(valuesOf(schema), async (message) => {
        const received = await server.post(message)
        statuses.add(received.status)
        server.described.expect(POST, received)
        const isValid = server.described.problems('#/components/schemas/NewMessage', message).length === 0
        const isTooLarge = Buffer.byteLength(JSON.stringify(message)) > 64 * 1024
        const code = received.json.error?.code
        if (isValid && DEPENDENT_CODES.includes(code)) expect(message).toEqual(dependent)
        else expect(received.status).toBe(isTooLarge ? 413 : isValid ? 201 : 422)
      }),
      { numRuns: 300 },
    )
    expect(statuses).toEqual(new Set([201, 413, 422]))
  })

  it('describes the responses to random changes', async () => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const schema = server.document.components.schemas.MessageChanges as JsonSchema
    await fc.assert(
      fc.asyncProperty(valuesOf(schema), async (changes) => {
        const received = await server.send('PATCH', '/messages/1', changes)
        statuses.add(received.status)
        server.described.expect(PATCH, received)
        const isValid = server.described.problems('#/components/schemas/MessageChanges', changes).length === 0
        const isTooLarge = Buffer.byteLength(JSON.stringify(changes)) > 64 * 1024
        expect(received.status).toBe(isTooLarge ? 413 : isValid ? 200 : 422)
      }),
      { numRuns: 300 },
    )
    expect(statuses).toEqual(new Set([200, 413, 422]))
  })

  it('describes the responses to random idempotency keys', async () => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const character = fc.constantFrom('a', '~', '!', '\u00e9', '\u00a0')
    const key = fc.oneof(fc.string({ unit: character }), fc.constantFrom('a'.repeat(128), 'a'.repeat(129)))
    await fc.assert(
      fc.asyncProperty(key, async (key) => {
        const received = await server.post({ content: 'a', sender: 'alice' }, { 'idempotency-key': key })
        statuses.add(received.status)
        server.described.expect(POST, received)
        const path = '#/paths/~1messages/post/parameters/0/schema'
        expect(received.status).toBe(server.described.problems(path, key).length === 0 ? 201 : 400)
      }),
    )
    expect(statuses).toEqual(new Set([201, 400]))
  })

  it.each(reads)('describes the response to HEAD, which has no body: %s', async (endpoint, operation) => {
    await using server = await openDescribedServer()
    const { status, text } = await server.request(urlOf(endpoint, operation), { method: 'HEAD' })
    expect([status, text]).toEqual([operation.response.status, ''])
  })

  it.each(endpoints.filter(([, { parameters = [] }]) => parameters.includes(IF_NONE_MATCH)))(
    'describes the response to a client that has the list already: %s',
    async (endpoint, operation) => {
      await using server = await openDescribedServer()
      await server.engine.sync() // a commit changes the list
      const { headers } = await server.request(urlOf(endpoint, operation))
      const received = await server.request(urlOf(endpoint, operation), {
        headers: { 'if-none-match': `W/"x", ${headers.etag}` },
      })
      expect([received.status, received.headers.etag]).toEqual([304, headers.etag])
      server.described.expect(endpoint, received)
    },
  )

  it.each(['DELETE', 'PATCH', 'PUT'])(
    'describes the response to an unsupported method: %s',
    async (method) => {
      await using server = await openDescribedServer()
      const paths = Object.entries(server.document.paths)
      for (const [endpoint] of endpoints) {
        const [, described = {}] = paths.find(([path]) => path === pathOf(endpoint, '{key}')) ?? []
        if (method.toLowerCase() in described) continue
        const received = await server.request(pathOf(endpoint), { method })
        expect(received.status).toBe(405)
        server.described.expectShared('MethodNotAllowed', received)
      }
    },
  )

  it('describes the response to an unknown path', async () => {
    await using server = await openDescribedServer()
    server.described.expectShared('NotFound', await server.request('/message'))
  })

  it.each<[string, (message: Record<string, unknown>) => object]>([
    ['a renamed field', ({ git_hash, ...message }) => ({ ...message, hash: git_hash })],
    ['an additional field', (message) => ({ ...message, path: 'x' })],
    ['a missing field', ({ uid, ...message }) => message],
    ['a field of another type', (message) => ({ ...message, id: String(message.id) })],
  ])('does not describe a response that deviates: %s', async (_, change) => {
    await using server = await openDescribedServer()
    const received = await server.request('/messages')
    server.described.expect('GET /messages', received)
    const changed = { ...received, json: received.json.map(change) }
    expect(() => server.described.expect('GET /messages', changed)).toThrow(/deeply equal/)
  })
})
