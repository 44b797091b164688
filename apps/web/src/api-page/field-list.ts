import { build, type Content, richText } from '../page/build.js'
import type { Parameter, Resolve } from './openapi-types.js'
import type { Field } from './schema-fields.js'
import { typeInWords } from './type-in-words.js'

/** Fields, one under the other: name, what it may be, what it means. */
export function fieldList(fields: readonly Field[]): HTMLElement {
  return build('dl', 'fields', ...fields.map(fieldLine))
}

/** The parameters of a call in the same form, with the place where each belongs. */
export function parameterList(parameters: readonly Parameter[], resolve: Resolve): HTMLElement {
  const lines = parameters.map(({ name, in: place, required = false, description, schema }) =>
    fieldLine({
      path: name,
      type: `${place}, ${typeInWords(schema, resolve)}`,
      isRequired: required,
      description,
    }),
  )
  return build('dl', 'fields', ...lines)
}

/** Names and what each means. */
export function meaningList(meanings: readonly (readonly [name: string, meaning: string])[]): HTMLElement {
  return build('dl', 'fields', ...meanings.map(([name, meaning]) => line(name, [richText(meaning)])))
}

function fieldLine({ path, type, isRequired, description }: Field): HTMLElement {
  const optional = isRequired ? [] : [', ', build('em', '', 'optional')]
  return line(path, [[...richText(type), ...optional], richText(description)])
}

function line(name: string, cells: readonly Content[][]): HTMLElement {
  const term = build('dt', '', build('code', '', name))
  return build('div', 'field-line', term, ...cells.map((cell) => build('dd', '', ...cell)))
}
