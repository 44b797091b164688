import { expect, it } from 'vitest'
import { describeType } from './describe-type.js'
import type { Schema } from './openapi.js'

it.each<[Schema, string]>([
  [{ type: 'integer', minimum: 1, maximum: 1000 }, 'integer, 1 to 1,000'],
  [{ type: 'boolean' }, 'boolean'],
  [{ type: ['string', 'null'] }, 'string or null'],
  [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, 'time (RFC 3339) or null'],
  [{ type: 'string', format: 'uuid' }, 'UUID'],
  [{ type: 'string', pattern: '^[0-9a-f]{40}$' }, 'string, matching `^[0-9a-f]{40}$`'],
  [{ type: 'array', items: { type: 'string' } }, 'array of strings'],
  [{}, 'any'],
])('describeType() describes %j as: %s', (schema, text) => {
  expect(describeType(schema, (part) => part)).toBe(text)
})
