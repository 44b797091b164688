import { describe, expect, it } from 'vitest'
import { createResolve, type OpenapiDocument, type Schema } from './openapi.js'
import { fieldsOf } from './schema-fields.js'

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

describe('fieldsOf()', () => {
  it('includes referenced, listed and nested fields, and those of every alternative', () => {
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

  it('returns no fields for a schema without an object', () => {
    expect(fieldsOf({ type: 'string' }, resolve)).toEqual([])
  })

  it('throws for a broken reference', () => {
    expect(() => fieldsOf({ $ref: '#/components/schemas/Absent' }, resolve)).toThrow(/nothing at/)
  })
})
