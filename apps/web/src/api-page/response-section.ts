import { build, type Content } from '../page/elements.js'
import { showBody } from '../page/json-text.js'
import { definitionList, fieldList } from './field-list.js'
import type { Example, MediaType, Resolve, Response } from './openapi.js'
import { fieldsOf } from './schema-fields.js'

/** One response of an endpoint; errors are collapsed. */
export function responseSection(status: string, reference: Response, resolve: Resolve): HTMLElement {
  const { description = '', headers = {}, content = {} } = resolve(reference)
  const tone = Number(status) < 400 ? 'good' : 'bad'
  const details = document.createElement('details')
  details.className = 'response'
  details.open = tone === 'good'
  details.append(build('summary', '', build('span', `status ${tone}`, status), ' ', description))

  for (const [type, { schema, examples }] of Object.entries(content)) {
    if (examples) details.append(build('h5', '', 'Error codes'), errorCodeList(examples, resolve))
    else details.append(...bodyParts(type, { schema }, resolve))
  }
  const definitions = Object.entries(headers).map(
    ([name, header]) => [name, resolve(header).description ?? ''] as const,
  )
  details.append(build('h5', '', 'Headers'), definitionList(definitions))
  return details
}

/** The fields of a request or response body, and an example. */
export function bodyParts(type: string, { schema }: MediaType, resolve: Resolve): Content[] {
  const fields = fieldsOf(schema, resolve)
  const { type: kind, examples: [example] = [] } = resolve(schema)
  const parts: Content[] = [
    build('p', 'body-type', build('code', '', type), kind === 'array' ? ', an array of objects' : ''),
  ]
  if (fields.length > 0) parts.push(fieldList(fields))
  if (example !== undefined) {
    const body = build('pre', 'code')
    showBody(body, typeof example === 'string' ? example : JSON.stringify(example))
    parts.push(build('h5', '', 'Example'), body)
  }
  return parts
}

/** The document has one named example for each error code; its summary says when the error occurs. */
function errorCodeList(examples: Readonly<Record<string, Example>>, resolve: Resolve): HTMLElement {
  return definitionList(
    Object.entries(examples).map(([code, example]) => [code, resolve(example).summary ?? ''] as const),
  )
}
