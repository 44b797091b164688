import type { JsonSchema, ObjectJsonSchema } from '@gitmsg/core'
import fc from 'fast-check'

/** Characters that validation rules often treat specially, among ordinary ones. */
const character = fc.constantFrom(
  ...['a', 'Z', '5', ' ', '\n', '\0', '\u001b', '\u0301', '\u200b', '\u202e', '\u2028', '\u3000', '\u0378'],
  ...['\ud800', '\udc00', '\ue000', '\ufeff', '😀', '李', "'", '"', '\\', '<', '%', '&', '='],
)

/** Values that match hardly any schema. */
const STRANGE = fc.constantFrom<unknown[]>('', 'x', 0, -1, 1.5, true, null, [], {})

/** Values for a schema. Most are valid, some are not; validate them with the schema to tell which. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const examples = (schema.examples ?? []) as unknown[]
  return fc.oneof(
    { arbitrary: likelyValuesOf(schema), weight: 12 },
    { arbitrary: STRANGE, weight: 1 },
    ...(examples.length > 0 ? [{ arbitrary: fc.constantFrom(...examples), weight: 2 }] : []),
  )
}

function likelyValuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { anyOf, enum: values = 'const' in schema ? [schema.const] : undefined } = schema
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(valuesOf))
  if (Array.isArray(values)) return fc.constantFrom(...values)
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'integer') return integers(Number(schema.minimum ?? 1), Number(schema.maximum))
  if (schema.type === 'object') return objects(schema as ObjectJsonSchema)
  if (schema.format === 'date-time') return times
  return texts(Number(schema.maxLength ?? 128))
}

const integers = (minimum: number, maximum: number) =>
  fc.oneof(
    { arbitrary: fc.integer({ min: minimum, max: Math.min(maximum, 2_000) }), weight: 6 },
    { arbitrary: fc.constantFrom(minimum - 1, minimum, maximum, maximum + 1), weight: 1 },
  )

const times = fc
  .tuple(
    fc.date({ min: new Date('1000-01-02'), max: new Date('9000-01-01'), noInvalidDate: true }),
    fc.constantFrom('Z', 'z', '+05:30', '-23:59', '+24:00', ''),
  )
  .map(([date, zone]) => date.toISOString().replace('Z', zone))

const texts = (longest: number) =>
  fc.oneof(
    { arbitrary: fc.string({ minLength: 1, maxLength: 60 }), weight: 6 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 2 },
    { arbitrary: fc.string({ unit: character, maxLength: 8 }), weight: 6 },
    { arbitrary: fc.constantFrom('a', '😀').map((unit) => unit.repeat(longest)), weight: 1 },
    { arbitrary: fc.constantFrom('a', '😀').map((unit) => unit.repeat(longest + 1)), weight: 1 },
  )

/** Objects with all required fields, with fewer, or with an unknown one. */
function objects({ properties, required = [] }: ObjectJsonSchema): fc.Arbitrary<object> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)]),
  )
  return fc.oneof(
    { arbitrary: fc.record(fields, { requiredKeys: [...required] }), weight: 8 },
    { arbitrary: fc.record(fields, { requiredKeys: [] }), weight: 1 },
    { arbitrary: fc.record({ ...fields, unknown: STRANGE }), weight: 1 },
  )
}
