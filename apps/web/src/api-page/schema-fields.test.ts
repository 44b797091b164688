import { describe, expect, it } from 'vitest'
import type { OpenapiDocument, Schema } from './openapi-types.js'
import { createResolve } from './resolve-reference.js'
import { fieldsOf } from './schema-fields.js'
import { typeInWords } from './type-in-words.js'

const schemas: Record<string, Schema> = {
  Text: {
    type: 'string',
    minLength: 1,
    maxLength: 32_768,
    pattern: '^(?=[^]*\\P{White_Space})[^\\u0000\\p{Cs}]*$',
  },
  List: { type: 'array', items: { $ref: '#/components/schemas/Message' } },
  Message: {
    type: 'object',
    required: ['id', 'sync'],
    properties: {
      id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Its number.' },
      content: { $ref: '#/components/schemas/Text' },
      sync: {
        oneOf: [
          {
            type: 'object',
            required: ['state'],
            properties: { state: { enum: ['pending', 'synchronized'] } },
          },
          {
            type: 'object',
            required: ['state', 'reason'],
            properties: { state: { const: 'quarantined' }, reason: { type: 'string' } },
          },
        ],
      },
    },
  },
}
const resolve = createResolve({ components: { schemas } } as unknown as OpenapiDocument)

describe('the fields of a schema', () => {
  it('are those of what it refers to and lists, with those inside, and each choice', () => {
    expect(fieldsOf({ $ref: '#/components/schemas/List' }, resolve)).toEqual([
      { path: 'id', type: 'integer, at least 1', isRequired: true, description: 'Its number.' },
      { path: 'content', type: 'string, 1 to 32,768 characters', isRequired: false, description: '' },
      { path: 'sync', type: 'object', isRequired: true, description: '' },
      {
        path: 'sync.state',
        type: '"pending" or "synchronized" or "quarantined"',
        isRequired: true,
        description: '',
      },
      { path: 'sync.reason', type: 'string', isRequired: true, description: '' },
    ])
  })

  it('are none where there is no object', () => {
    expect(fieldsOf({ type: 'string' }, resolve)).toEqual([])
  })

  it('are not made up where a reference leads nowhere', () => {
    expect(() => fieldsOf({ $ref: '#/components/schemas/Absent' }, resolve)).toThrow(/nothing at/)
  })
})

it.each<[Schema, string]>([
  [{ type: 'integer', minimum: 1, maximum: 1000 }, 'integer, 1 to 1,000'],
  [{ type: 'boolean' }, 'boolean'],
  [{ type: ['string', 'null'] }, 'string or null'],
  [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, 'time (RFC 3339) or null'],
  [{ type: 'string', format: 'uuid' }, 'UUID'],
  [{ type: 'string', pattern: '^[0-9a-f]{40}$' }, 'string, matching `^[0-9a-f]{40}$`'],
  [{ type: 'array', items: { type: 'string' } }, 'list of strings'],
  [{}, 'anything'],
])('%j is in words: %s', (schema, words) => {
  expect(typeInWords(schema, resolve)).toBe(words)
})
