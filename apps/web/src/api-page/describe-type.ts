import type { Resolve, Schema } from './openapi.js'

/** A longer pattern is unreadable; the field's description explains it. */
const MAX_PATTERN_CHARACTERS = 24

/** A maximum that only reflects JavaScript's numbers, and is not worth showing. */
const NO_MAXIMUM = Number.MAX_SAFE_INTEGER

/** Describes the values of a schema: `integer, 1 to 1,000`, `"pending" or "synchronized"`, `string or null`. */
export function describeType(schema: Schema, resolve: Resolve): string {
  const { type, anyOf, oneOf, items, enum: values, const: only, ...rules } = resolve(schema)
  if (only !== undefined) return JSON.stringify(only)
  if (values) return values.map((value) => JSON.stringify(value)).join(' or ')
  const choices = anyOf ?? oneOf
  if (choices) return [...new Set(choices.map((choice) => describeType(choice, resolve)))].join(' or ')
  if (items) return `array of ${describeType(items, resolve)}s`
  const types = typeof type === 'string' ? [type] : (type ?? ['any'])
  return types
    .map((name) => [nameOf(name, rules.format), ...describeRules(name, rules)].join(', '))
    .join(' or ')
}

function nameOf(type: string, format: string | undefined): string {
  if (type !== 'string') return type
  if (format === 'date-time') return 'time (RFC 3339)'
  return format === 'uuid' ? 'UUID' : type
}

function describeRules(
  type: string,
  { minimum, maximum, minLength, maxLength, format, pattern }: Schema,
): string[] {
  if (type === 'integer') return describeRange(minimum, maximum === NO_MAXIMUM ? undefined : maximum, '')
  if (type !== 'string' || format) return []
  const isReadable = pattern !== undefined && pattern.length <= MAX_PATTERN_CHARACTERS
  const length = describeRange(minLength, maxLength, ' characters')
  return isReadable ? [...length, `matching \`${pattern}\``] : length
}

function describeRange(minimum: number | undefined, maximum: number | undefined, unit: string): string[] {
  const [from, to] = [minimum, maximum].map((limit) => limit?.toLocaleString('en'))
  if (from && to) return [`${from} to ${to}${unit}`]
  if (from) return [`at least ${from}${unit}`]
  return to ? [`at most ${to}${unit}`] : []
}
