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

function fieldLine({ path, type, isRequired, description }: Field): HTMLElement {
  const words: Content[] = [build('code', 'field-name', path), build('span', 'field-type', ...richText(type))]
  if (!isRequired) words.push(build('span', 'field-optional', 'optional'))
  const lines: Content[] = [build('dt', '', ...words)]
  if (description) lines.push(build('dd', '', ...richText(description)))
  return build('div', 'field-line', ...lines)
}
