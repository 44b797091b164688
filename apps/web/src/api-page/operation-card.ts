import type { Announce } from '../page/announcer.js'
import { build, type Content, richText } from '../page/build.js'
import { copyOnClick } from '../page/copy-button.js'
import { answerSection, bodyParts } from './answer-section.js'
import { callAsCurl } from './call-as-curl.js'
import { parameterList } from './field-list.js'
import type { Operation, Resolve } from './openapi-types.js'

/** A call, with its method in upper case. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** Everything about one call. */
export function operationCard(call: Call, resolve: Resolve, announce: Announce): HTMLElement {
  const { method, path, operation } = call
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const heading = build('h3', 'call-line', build('span', 'method', method), ' ', build('code', '', path))
  heading.id = `${operationId}-heading`
  const card = build('article', 'card operation', heading, build('p', 'call-summary', summary))
  card.id = operationId
  card.setAttribute('aria-labelledby', heading.id)

  if (description) card.append(build('p', '', ...richText(description)))
  card.append(scopeLine(operation))
  if (parameters.length > 0) card.append(build('h4', '', 'Parameters'), parameterList(parameters, resolve))
  for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
    const about = build('p', '', requestBody?.description ?? '')
    card.append(build('h4', '', 'Body'), about, ...bodyParts(type, media, resolve))
  }
  card.append(
    build('h4', '', 'From a terminal'),
    curlBlock(callAsCurl(document.baseURI, call, resolve), announce),
  )
  const answers = Object.entries(responses).map(([status, answer]) => answerSection(status, answer, resolve))
  card.append(build('h4', '', 'Answers'), ...answers)
  return card
}

function scopeLine({ security = [] }: Operation): HTMLElement {
  const scopes = security.flatMap((one) => Object.values(one).flat())
  if (scopes.length === 0) return build('p', 'scope', 'Needs no token.')
  return build('p', 'scope', 'Token with the scope ', build('code', '', scopes.join(', ')))
}

function curlBlock(command: string, announce: Announce): HTMLElement {
  const label = build('span', 'copy-label', 'Copy')
  label.dataset.part = 'label'
  const button = build('button', 'button small', label) as HTMLButtonElement
  button.type = 'button'
  button.setAttribute('aria-label', 'Copy the command')
  copyOnClick(button, () => command, announce)
  const parts: Content[] = [build('pre', 'code', command), button]
  return build('div', 'command', ...parts)
}
