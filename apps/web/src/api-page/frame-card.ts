import { build, richText } from '../page/elements.js'
import type { AsyncapiDocument, FrameType } from './asyncapi.js'
import { createResolve } from './openapi.js'
import { bodyParts } from './response-section.js'

/** The id of the card of a frame. */
export const frameId = ({ name }: FrameType): string => `frame-${name}`

/** Everything about one type of frame: when it is sent, its fields, and an example. */
export function frameCard(frame: FrameType, document: AsyncapiDocument): HTMLElement {
  const { name, sentBy, summary, payload } = frame
  const resolve = createResolve(document)
  const { description } = resolve(payload)
  const method = build('span', 'method', `${sentBy} sends`)
  const heading = build('h3', 'operation-line', method, ' ', build('code', '', name))
  heading.id = `${frameId(frame)}-heading`
  const card = build(
    'article',
    'card operation',
    heading,
    build('p', 'operation-summary', ...richText(summary)),
  )
  card.id = frameId(frame)
  card.setAttribute('aria-labelledby', heading.id)
  if (description) card.append(build('p', '', ...richText(description)))
  card.append(
    build('h4', '', 'Frame'),
    ...bodyParts(document.defaultContentType, { schema: payload }, resolve),
  )
  return card
}
