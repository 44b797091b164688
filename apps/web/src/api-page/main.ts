import { createAnnouncer } from '../page/announcer.js'
import { build, elementById, paragraphs, richText } from '../page/elements.js'
import { type AsyncapiDocument, frameTypesOf } from './asyncapi.js'
import { frameCard, frameId } from './frame-card.js'
import { createResolve, type OpenapiDocument, type Resolve } from './openapi.js'
import { type Endpoint, operationCard } from './operation-card.js'

/** Wide enough to show the list of endpoints beside them. */
const WIDE_SCREEN = '(min-width: 60rem)'

const announce = createAnnouncer()
const main = elementById('main', HTMLElement)
const endpointList = elementById('endpoints', HTMLDetailsElement)

/** Throws if the server does not return the document. */
async function fetchDocument<Document>(name: string): Promise<Document> {
  const response = await fetch(name, { cache: 'no-cache' })
  if (!response.ok) throw new Error(`The server responded with ${response.status}`)
  return (await response.json()) as Document
}

function showDocument(api: OpenapiDocument): void {
  const { openapi, info, components } = api
  elementById('openapi-version', HTMLElement).textContent = openapi
  elementById('api-version', HTMLElement).textContent = info.version
  elementById('api-description', HTMLElement).replaceChildren(...paragraphs(info.description))
  elementById('api-access', HTMLElement).replaceChildren(
    ...richText(components.securitySchemes.bearer.description),
  )
  const resolve = createResolve(api)
  for (const tag of api.tags) showTag(tag, endpointsOf(api, tag.name), resolve)
}

function showTag(
  { name, description }: OpenapiDocument['tags'][number],
  endpoints: Endpoint[],
  resolve: Resolve,
): void {
  showGroup({
    name,
    id: `tag-${name.toLowerCase()}`,
    content: [
      build('p', 'group-summary', description),
      ...endpoints.map((endpoint) => operationCard(endpoint, resolve, announce)),
    ],
    links: endpoints.map(({ method, path, operation }) => linkTo(operation.operationId, method, path)),
  })
}

function showChannel(document: AsyncapiDocument): void {
  const { asyncapi, info, channels } = document
  const { address, title, description } = channels.live
  const frames = frameTypesOf(document)
  const about = build('div', 'card operation', ...paragraphs(`${info.description}\n\n${description}`))
  elementById('asyncapi-version', HTMLElement).textContent = asyncapi
  showGroup({
    name: title,
    id: 'live-channel',
    content: [
      build('p', 'group-summary', 'WebSocket ', build('code', '', address)),
      about,
      ...frames.map((frame) => frameCard(frame, document)),
    ],
    links: frames.map((frame) => linkTo(frameId(frame), frame.sentBy, frame.name)),
  })
}

interface Group {
  readonly name: string
  readonly id: string
  readonly content: readonly HTMLElement[]
  /** Items of the list of endpoints. */
  readonly links: readonly HTMLElement[]
}

function showGroup({ name, id, content, links }: Group): void {
  const heading = build('h2', '', name)
  heading.id = id
  const section = build('section', 'operation-group', heading, ...content)
  section.setAttribute('aria-labelledby', id)
  elementById('operations', HTMLElement).append(section)
  endpointList.append(build('p', 'endpoints-title', name), build('ul', '', ...links))
}

function linkTo(id: string, method: string, path: string): HTMLElement {
  const link = build('a', '', build('span', 'method', method), ' ', build('code', '', path))
  link.setAttribute('href', `#${id}`)
  return build('li', '', link)
}

function endpointsOf({ paths }: OpenapiDocument, tag: string): Endpoint[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

function showProblem(error: unknown): void {
  const problem = elementById('api-problem', HTMLElement)
  const reason = error instanceof Error ? ` ${error.message}.` : ''
  problem.textContent = `The API description cannot be loaded.${reason}`
  problem.hidden = false
}

endpointList.open = matchMedia(WIDE_SCREEN).matches

try {
  const [openapi, asyncapi] = await Promise.all([
    fetchDocument<OpenapiDocument>('openapi.json'),
    fetchDocument<AsyncapiDocument>('asyncapi.json'),
  ])
  showDocument(openapi)
  showChannel(asyncapi)
  // The element that the URL points to did not exist when the browser looked for it.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView()
} catch (error) {
  showProblem(error)
} finally {
  main.removeAttribute('aria-busy')
}
