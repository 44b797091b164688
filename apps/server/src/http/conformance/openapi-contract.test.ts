import type { JsonSchema } from '@gitmsg/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valuesOf } from '../../testing/contract/arbitrary-values.js'
import { createDescribedAnswers } from '../../testing/contract/described-responses.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { OPERATIONS, type OpenapiDocument } from '../openapi/build-document.js'
import type { Parameter } from '../openapi/operation.js'

const calls = Object.entries(OPERATIONS)
const reads = calls.filter(([call]) => call.startsWith('GET '))
const withQuery = calls.filter(([, { parameters = [] }]) => parameters.some((one) => one.in === 'query'))
const POST = 'POST /messages'

/** A server with a few messages, and its document as it serves it. */
async function openDescribedServer() {
  const server = await openTestServer()
  for (let number = 1; number <= 3; number += 1) await server.post({ content: `${number}`, sender: 'alice' })
  const document: OpenapiDocument = (await server.call('/openapi.json')).json
  return { ...server, document, described: createDescribedAnswers(document) }
}

/** A parameter's text as the value that the schema is about. */
function readText(text: string, { type }: JsonSchema): unknown {
  if (type === 'integer' && /^-?(?:0|[1-9]\d*)$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true'
  return text
}

const pathOf = (call: string, key = '1') => call.replace(/^\w+ /, '').replace(/:\w+/, key)

describe('what the service answers is what the document says', () => {
  it.each(calls)('%s, asked as described', async (call, { body, answer }) => {
    await using server = await openDescribedServer()
    const [method = ''] = call.split(' ')
    const [example] = (server.document.components.schemas[body ?? '']?.examples ?? []) as object[]
    const answered = await server.call(pathOf(call), {
      method,
      ...(example && { body: JSON.stringify(example), headers: { 'content-type': 'application/json' } }),
    })
    expect(answered.status).toBe(answer.status)
    server.described.expect(call, answered)
  })

  it.each(withQuery)('%s, whatever is asked', async (call, { parameters = [], answer }) => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const query = fc.record(
      Object.fromEntries(parameters.map(({ name, schema }) => [name, valuesOf(schema).map(String)])),
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(query, async (given) => {
        const sent = new URLSearchParams(given as Record<string, string>)
        const answered = await server.call(`${pathOf(call)}?${sent}`)
        statuses.add(answered.status)
        server.described.expect(call, answered)
        const wrong = [...sent].filter(([name, text]) => isWrong(name, text)).map(([name]) => name)
        if (wrong.length === 0) expect(answered.status).toBe(answer.status)
        else expect(wrong).toContain(answered.json.error.field)
      }),
      { numRuns: 200 },
    )
    expect(statuses).toEqual(new Set([answer.status, 400]))

    function isWrong(name: string, text: string): boolean {
      const index = parameters.findIndex((parameter) => parameter.name === name)
      const { schema } = parameters[index] as Parameter
      const path = `#/paths/${encodeURIComponent(pathOf(call).replaceAll('/', '~1'))}`
      return (
        server.described.problems(`${path}/get/parameters/${index}/schema`, readText(text, schema)).length > 0
      )
    }
  })

  it(`${POST}, whatever is sent`, async () => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const schema = server.document.components.schemas.NewMessage as JsonSchema
    await fc.assert(
      fc.asyncProperty(valuesOf(schema), async (message) => {
        const answered = await server.post(message)
        statuses.add(answered.status)
        server.described.expect(POST, answered)
        const isValid = server.described.problems('#/components/schemas/NewMessage', message).length === 0
        const isTooLarge = Buffer.byteLength(JSON.stringify(message)) > 64 * 1024
        expect(answered.status).toBe(isTooLarge ? 413 : isValid ? 201 : 422)
      }),
      { numRuns: 300 },
    )
    expect(statuses).toEqual(new Set([201, 413, 422]))
  })

  it(`${POST}, with whatever key`, async () => {
    await using server = await openDescribedServer()
    const statuses = new Set<number>()
    const character = fc.constantFrom('a', '~', '!', '\u00e9', '\u00a0')
    const key = fc.oneof(fc.string({ unit: character }), fc.constantFrom('a'.repeat(128), 'a'.repeat(129)))
    await fc.assert(
      fc.asyncProperty(key, async (key) => {
        const answered = await server.post({ content: 'a', sender: 'alice' }, { 'idempotency-key': key })
        statuses.add(answered.status)
        server.described.expect(POST, answered)
        const path = '#/paths/~1messages/post/parameters/0/schema'
        expect(answered.status).toBe(server.described.problems(path, key).length === 0 ? 201 : 400)
      }),
    )
    expect(statuses).toEqual(new Set([201, 400]))
  })

  it.each(reads)('%s, with HEAD instead: the same without a body', async (call, { answer }) => {
    await using server = await openDescribedServer()
    const { status, text } = await server.call(pathOf(call), { method: 'HEAD' })
    expect([status, text]).toEqual([answer.status, ''])
  })

  it.each(['DELETE', 'PATCH', 'PUT'])('no call has the method %s', async (method) => {
    await using server = await openDescribedServer()
    for (const [call] of calls) {
      const answered = await server.call(pathOf(call), { method })
      expect(answered.status).toBe(405)
      server.described.expectShared('MethodNotAllowed', answered)
    }
  })

  it('no call has another path', async () => {
    await using server = await openDescribedServer()
    server.described.expectShared('NotFound', await server.call('/message'))
  })

  it.each<[string, (message: Record<string, unknown>) => object]>([
    ['a field that has another name', ({ git_hash, ...message }) => ({ ...message, hash: git_hash })],
    ['a field more', (message) => ({ ...message, path: 'x' })],
    ['a field less', ({ uid, ...message }) => message],
    ['a field of another type', (message) => ({ ...message, id: String(message.id) })],
  ])('would be found out: %s', async (_, change) => {
    await using server = await openDescribedServer()
    const answered = await server.call('/messages')
    server.described.expect('GET /messages', answered)
    const changed = { ...answered, json: answered.json.map(change) }
    expect(() => server.described.expect('GET /messages', changed)).toThrow(/deeply equal/)
  })
})
