import { curlCommand } from '../api/curl-command.js'
import type { Announce } from '../page/announcer.js'
import { copyOnClick } from '../page/buttons.js'
import { build, richText } from '../page/elements.js'
import { parameterList } from './field-list.js'
import type { Operation, Resolve } from './openapi.js'
import { bodyParts, responseSection } from './response-section.js'

/** One endpoint of the API, with its method in upper case. */
export interface Endpoint {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** Everything about one endpoint. */
export function operationCard(endpoint: Endpoint, resolve: Resolve, announce: Announce): HTMLElement {
  const { method, path, operation } = endpoint
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const heading = build('h3', 'operation-line', build('span', 'method', method), ' ', build('code', '', path))
  heading.id = `${operationId}-heading`
  const card = build('article', 'card operation', heading, build('p', 'operation-summary', summary))
  card.id = operationId
  card.setAttribute('aria-labelledby', heading.id)

  if (description) card.append(build('p', '', ...richText(description)))
  card.append(scopeLine(operation))
  if (parameters.length > 0) card.append(build('h4', '', 'Parameters'), parameterList(parameters, resolve))
  for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
    const about = build('p', '', requestBody?.description ?? '')
    card.append(build('h4', '', 'Request body'), about, ...bodyParts(type, media, resolve))
  }
  const command = exampleCommand(document.baseURI, endpoint, resolve)
  card.append(build('h4', '', 'Example request'), commandBlock(command, announce))
  const sections = Object.entries(responses).map(([status, response]) =>
    responseSection(status, response, resolve),
  )
  card.append(build('h4', '', 'Responses'), ...sections)
  return card
}

/** A `curl` command for the endpoint of the server at `base`, with the document's own example as body. */
export function exampleCommand(
  base: string,
  { method, path, operation }: Endpoint,
  resolve: Resolve,
): string {
  const url = new URL(path.slice(1).replace(/\{\w+\}/g, '1'), base)
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(operation.requestBody?.content ?? {})
  const [example] = resolve(schema).examples ?? []
  return curlCommand({
    method,
    url: url.href,
    target: url.pathname,
    headers: example === undefined ? [] : [['Content-Type', type]],
    body: example === undefined ? null : JSON.stringify(example),
  })
}

function scopeLine({ security = [] }: Operation): HTMLElement {
  const scopes = security.flatMap((requirement) => Object.values(requirement).flat())
  if (scopes.length === 0) return build('p', 'scope', 'No token required')
  const names = scopes.flatMap((scope, index) => [index === 0 ? '' : ' or ', build('code', '', scope)])
  return build('p', 'scope', 'Token scope: ', ...names)
}

function commandBlock(command: string, announce: Announce): HTMLElement {
  const label = build('span', 'copy-label', 'Copy')
  label.dataset.part = 'label'
  const button = build('button', 'button small', label) as HTMLButtonElement
  button.type = 'button'
  button.setAttribute('aria-label', 'Copy command')
  copyOnClick(button, () => command, announce)
  return build('div', 'command', build('pre', 'code', command), button)
}
