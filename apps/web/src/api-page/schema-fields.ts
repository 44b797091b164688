import type { Resolve, Schema } from './openapi-types.js'
import { typeInWords } from './type-in-words.js'

/** One field of a schema, wherever it is: `sync.state`, `message.id`. */
export interface Field {
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
}

/** All fields of a schema: those of lists are the fields of what they list, and those of a choice of all choices. */
export function fieldsOf(schema: Schema, resolve: Resolve): Field[] {
  const fields = new Map<string, Field>()
  for (const object of objectsIn(schema, resolve)) {
    for (const [name, property] of Object.entries(object.properties ?? {})) {
      const { description = '' } = property
      const isRequired = object.required?.includes(name) ?? false
      const own = { path: name, type: typeInWords(property, resolve), isRequired, description }
      const inner = fieldsOf(property, resolve).map((field) => ({ ...field, path: `${name}.${field.path}` }))
      for (const field of [own, ...inner]) fields.set(field.path, join(fields.get(field.path), field))
    }
  }
  return [...fields.values()]
}

/** The objects that a schema is, lists, or leaves a choice of. */
function objectsIn(schema: Schema, resolve: Resolve): Schema[] {
  const { items, anyOf = [], oneOf = [], properties, ...found } = resolve(schema)
  if (properties) return [{ ...found, properties }]
  return [...(items ? [items] : []), ...anyOf, ...oneOf].flatMap((part) => objectsIn(part, resolve))
}

/** One field of two choices. */
function join(first: Field | undefined, second: Field): Field {
  if (!first || first.type === second.type) return second
  return { ...second, type: `${first.type} or ${second.type}` }
}
