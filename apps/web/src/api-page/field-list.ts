import { build, type Content, richText } from '../page/elements.js'
import { describeType } from './describe-type.js'
import type { Parameter, Resolve } from './openapi.js'
import type { Field } from './schema-fields.js'

/** A list of fields: name, type, description. */
export function fieldList(fields: readonly Field[]): HTMLElement {
  return build('dl', 'fields', ...fields.map(fieldLine))
}

/** The parameters of an endpoint in the same form; the type includes where the parameter goes. */
export function parameterList(parameters: readonly Parameter[], resolve: Resolve): HTMLElement {
  return fieldList(
    parameters.map(({ name, in: place, required = false, description, schema }) => ({
      path: name,
      type: `${place}, ${describeType(schema, resolve)}`,
      isRequired: required,
      description,
    })),
  )
}

/** A list of names and descriptions. */
export function definitionList(
  definitions: readonly (readonly [name: string, description: string])[],
): HTMLElement {
  return build(
    'dl',
    'fields',
    ...definitions.map(([name, description]) => line(name, [richText(description)])),
  )
}

function fieldLine({ path, type, isRequired, description }: Field): HTMLElement {
  const optional = isRequired ? [] : [', ', build('em', '', 'optional')]
  return line(path, [[...richText(type), ...optional], richText(description)])
}

function line(name: string, cells: readonly Content[][]): HTMLElement {
  const term = build('dt', '', build('code', '', name))
  return build('div', 'field-line', term, ...cells.map((cell) => build('dd', '', ...cell)))
}
