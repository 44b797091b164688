import { describeType } from './describe-type.js'
import type { Resolve, Schema } from './openapi.js'

/** One field of a schema, with its whole path: `sync.state`, `message.id`. */
export interface Field {
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
}

/** All fields of a schema, nested ones included: those of an array's items, and of every alternative. */
export function fieldsOf(schema: Schema, resolve: Resolve): Field[] {
  const fields = new Map<string, Field>()
  for (const object of objectsIn(schema, resolve)) {
    for (const [name, property] of Object.entries(object.properties ?? {})) {
      const { description = '' } = property
      const isRequired = object.required?.includes(name) ?? false
      const own = { path: name, type: describeType(property, resolve), isRequired, description }
      const nested = fieldsOf(property, resolve).map((field) => ({ ...field, path: `${name}.${field.path}` }))
      for (const field of [own, ...nested]) fields.set(field.path, merge(fields.get(field.path), field))
    }
  }
  return [...fields.values()]
}

/** The objects that a schema describes: itself, the items of its array, or its alternatives. */
function objectsIn(schema: Schema, resolve: Resolve): Schema[] {
  const { items, anyOf = [], oneOf = [], properties, ...rest } = resolve(schema)
  if (properties) return [{ ...rest, properties }]
  return [...(items ? [items] : []), ...anyOf, ...oneOf].flatMap((part) => objectsIn(part, resolve))
}

/** Merges the same field of two alternatives. */
function merge(first: Field | undefined, second: Field): Field {
  if (!first || first.type === second.type) return second
  return { ...second, type: `${first.type} or ${second.type}` }
}
