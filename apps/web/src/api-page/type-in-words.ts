import type { Resolve, Schema } from './openapi-types.js'

/** Longer patterns say nothing to a reader; their descriptions do. */
const READABLE_PATTERN = 24
/** What no reader needs to be told: the largest whole number that JavaScript counts to. */
const ANY_NUMBER = Number.MAX_SAFE_INTEGER

/** What a value may be, in few words: `integer, 1 to 1000`, `"pending" or "synchronized"`, `time or null`. */
export function typeInWords(schema: Schema, resolve: Resolve): string {
  const { type, anyOf, oneOf, items, enum: values, const: only, ...rules } = resolve(schema)
  if (only !== undefined) return JSON.stringify(only)
  if (values) return values.map((value) => JSON.stringify(value)).join(' or ')
  const choices = anyOf ?? oneOf
  if (choices) return [...new Set(choices.map((choice) => typeInWords(choice, resolve)))].join(' or ')
  if (items) return `list of ${typeInWords(items, resolve)}s`
  const types = typeof type === 'string' ? [type] : (type ?? ['anything'])
  return types.map((name) => [nameOf(name, rules.format), ...rulesOf(name, rules)].join(', ')).join(' or ')
}

function nameOf(type: string, format: string | undefined): string {
  if (type !== 'string') return type
  if (format === 'date-time') return 'time (RFC 3339)'
  return format === 'uuid' ? 'UUID' : type
}

function rulesOf(
  type: string,
  { minimum, maximum, minLength, maxLength, format, pattern }: Schema,
): string[] {
  if (type === 'integer') return range(minimum, maximum === ANY_NUMBER ? undefined : maximum, '')
  if (type !== 'string' || format) return []
  const isReadable = pattern !== undefined && pattern.length <= READABLE_PATTERN
  return [...range(minLength, maxLength, ' characters'), ...(isReadable ? [`matching \`${pattern}\``] : [])]
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  const [from, to] = [least, most].map((limit) => limit?.toLocaleString('en'))
  if (from && to) return [`${from} to ${to}${unit}`]
  if (from) return [`at least ${from}${unit}`]
  return to ? [`at most ${to}${unit}`] : []
}
