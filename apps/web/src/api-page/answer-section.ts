import { showBody } from '../exchange/exchange-text.js'
import { build, type Content } from '../page/build.js'
import { fieldList, meaningList } from './field-list.js'
import type { Example, MediaType, Resolve, Response } from './openapi-types.js'
import { fieldsOf } from './schema-fields.js'

/** One answer of a call, folded unless all is well. */
export function answerSection(status: string, reference: Response, resolve: Resolve): HTMLElement {
  const { description = '', headers = {}, content = {} } = resolve(reference)
  const tone = Number(status) < 400 ? 'good' : 'bad'
  const details = document.createElement('details')
  details.className = 'answer'
  details.open = tone === 'good'
  details.append(build('summary', '', build('span', `status ${tone}`, status), ' ', description))

  for (const [type, { schema, examples }] of Object.entries(content)) {
    if (examples) details.append(build('h5', '', 'Codes'), meaningList(meaningsOf(examples, resolve)))
    else details.append(...bodyParts(type, { schema }, resolve))
  }
  const meanings = Object.entries(headers).map(
    ([name, header]) => [name, resolve(header).description ?? ''] as const,
  )
  details.append(build('h5', '', 'Headers'), meaningList(meanings))
  return details
}

/** The fields of a body and an example of it. */
export function bodyParts(type: string, { schema }: MediaType, resolve: Resolve): Content[] {
  const fields = fieldsOf(schema, resolve)
  const { type: kind, examples: [example] = [] } = resolve(schema)
  const parts: Content[] = [
    build('p', 'body-type', kind === 'array' ? 'A list of objects, ' : '', build('code', '', type)),
  ]
  if (fields.length > 0) parts.push(fieldList(fields))
  if (example !== undefined) {
    const body = build('pre', 'code')
    showBody(body, typeof example === 'string' ? example : JSON.stringify(example))
    parts.push(build('h5', '', 'Example'), body)
  }
  return parts
}

/** What an error may be called, and when. */
function meaningsOf(examples: Readonly<Record<string, Example>>, resolve: Resolve) {
  return Object.entries(examples).map(([code, example]) => [code, resolve(example).summary ?? ''] as const)
}
