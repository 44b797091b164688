import { createAnnouncer } from '../page/announcer.js'
import { build, elementById, paragraphs, richText } from '../page/elements.js'
import { createResolve, type OpenapiDocument, type Resolve } from './openapi.js'
import { type Endpoint, operationCard } from './operation-card.js'

/** Wide enough to show the list of endpoints beside them. */
const WIDE_SCREEN = '(min-width: 60rem)'

const announce = createAnnouncer()
const main = elementById('main', HTMLElement)
const endpointList = elementById('endpoints', HTMLDetailsElement)

/** Throws if the server does not return the document. */
async function fetchDocument(): Promise<OpenapiDocument> {
  const response = await fetch('openapi.json', { cache: 'no-cache' })
  if (!response.ok) throw new Error(`The server responded with ${response.status}`)
  return (await response.json()) as OpenapiDocument
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
  const heading = build('h2', '', name)
  heading.id = `tag-${name.toLowerCase()}`
  const summary = build('p', 'group-summary', description)
  const cards = endpoints.map((endpoint) => operationCard(endpoint, resolve, announce))
  const section = build('section', 'operation-group', heading, summary, ...cards)
  section.setAttribute('aria-labelledby', heading.id)
  elementById('operations', HTMLElement).append(section)
  endpointList.append(build('p', 'endpoints-title', name), build('ul', '', ...endpoints.map(linkTo)))
}

function linkTo({ method, path, operation }: Endpoint): HTMLElement {
  const link = build('a', '', build('span', 'method', method), ' ', build('code', '', path))
  link.setAttribute('href', `#${operation.operationId}`)
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
  showDocument(await fetchDocument())
  // The element that the URL points to did not exist when the browser looked for it.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView()
} catch (error) {
  showProblem(error)
} finally {
  main.removeAttribute('aria-busy')
}
