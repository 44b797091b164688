import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputJsonSchemas, type JsonSchema } from './input-json-schemas.js'
import { parseMessageInput } from './message-input.js'
import { checkListQuery } from './message-query.js'

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
const { message, query } = inputJsonSchemas()

function accepts(parse: (input: unknown) => unknown, input: unknown): boolean {
  try {
    parse(input)
    return true
  } catch {
    return false
  }
}

/** Characters that a rule is about, and a few that none is. */
const character = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\t',
    '\n',
    '\0',
    '\u0007',
    '\u00ad',
    '\u0301',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2028',
    '\u2066',
    '\u2800',
  ],
  ...['\u3000', '\u0378', '\ud800', '\udc00', '\ue000', '\ufeff', '\uffff', '😀', 'é', '李', '\u{e0001}'],
)
const text = fc.oneof(fc.string({ unit: character, maxLength: 6 }), fc.string({ unit: 'binary' }))
const lengths = (limit: number) => fc.constantFrom('a', '😀').map((unit) => unit.repeat(limit))
const twoDigits = fc.oneof(
  { arbitrary: fc.constantFrom('01', '02', '10', '12'), weight: 4 },
  fc.constantFrom('00', '13', '23', '24', '29', '30', '31', '59', '60', '61'),
)
const time = fc
  .tuple(
    fc.constantFrom('1969', '2000', '2024', '2025', '25'),
    ...Array.from({ length: 5 }, () => twoDigits),
    fc.constantFrom('', '.1', '.123456789', '.1234567890', '.'),
    fc.constantFrom('Z', 'z', '+00:00', '-23:59', '+24:00', '+12:60', ''),
    fc.constantFrom('T', 'T', 't', ' '),
  )
  .map(([y, mo, d, h, mi, s, fraction, zone, t]) => `${y}-${mo}-${d}${t}${h}:${mi}:${s}${fraction}${zone}`)

describe('inputJsonSchemas()', () => {
  it.each<[string, JsonSchema, (input: unknown) => unknown, fc.Arbitrary<unknown>]>([
    ['a content', message, parseMessageInput, text.map((content) => ({ content, sender: 'a' }))],
    ['a sender', message, parseMessageInput, text.map((sender) => ({ content: 'a', sender }))],
    [
      'a time',
      message,
      parseMessageInput,
      time.map((timestamp) => ({ content: 'a', sender: 'a', timestamp })),
    ],
    [
      'a long content',
      message,
      parseMessageInput,
      fc
        .constantFrom(32_768, 32_769)
        .chain(lengths)
        .map((content) => ({ content, sender: 'a' })),
    ],
    [
      'a long sender',
      message,
      parseMessageInput,
      fc
        .constantFrom(64, 65)
        .chain(lengths)
        .map((sender) => ({ content: 'a', sender })),
    ],
    [
      'any object',
      message,
      parseMessageInput,
      fc.oneof(
        fc.constant({ content: 'a', sender: 'a' }),
        fc.dictionary(
          fc.constantFrom('content', 'sender', 'timestamp', 'x'),
          fc.constantFrom('a', '', 1, []),
        ),
      ),
    ],
    [
      'a query',
      query,
      checkListQuery,
      fc.dictionary(
        fc.constantFrom('limit', 'before', 'after', 'sender', 'synchronized', 'x'),
        fc.constantFrom<unknown[]>(0, 1, 1000, 1001, 1.5, 2 ** 53, 2 ** 53 - 1, 'a', '', true, false),
      ),
    ],
  ])('accept exactly what the engine accepts: %s', (_, schema, parse, arbitrary) => {
    const validate = ajv.compile(schema)
    const outcomes = new Set<boolean>()
    fc.assert(
      fc.property(arbitrary, (input) => {
        const accepted = accepts(parse, input)
        outcomes.add(accepted)
        expect(validate(input)).toBe(accepted)
      }),
      { numRuns: 500 },
    )
    expect(outcomes.size).toBe(2)
  })
})
