import { createAnnouncer } from '../page/announcer.js'
import { build, paragraphs, richText } from '../page/build.js'
import { elementById } from '../page/elements.js'
import type { OpenapiDocument, Resolve } from './openapi-types.js'
import { type Call, operationCard } from './operation-card.js'
import { createResolve } from './resolve-reference.js'

const announce = createAnnouncer()
const main = elementById('main', HTMLElement)
const callList = elementById('calls', HTMLDetailsElement)

/** Throws where the server does not give the document. */
async function readDocument(): Promise<OpenapiDocument> {
  const answer = await fetch('openapi.json', { cache: 'no-cache' })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`)
  return (await answer.json()) as OpenapiDocument
}

function show(description: OpenapiDocument): void {
  const { openapi, info, components } = description
  elementById('openapi-version', HTMLElement).textContent = openapi
  elementById('api-version', HTMLElement).textContent = info.version
  elementById('api-description', HTMLElement).replaceChildren(...paragraphs(info.description))
  elementById('api-access', HTMLElement).replaceChildren(
    ...richText(components.securitySchemes.bearer.description),
  )
  const resolve = createResolve(description)
  for (const tag of description.tags) showTag(tag, callsOf(description, tag.name), resolve)
}

function showTag(
  { name, description }: OpenapiDocument['tags'][number],
  calls: Call[],
  resolve: Resolve,
): void {
  const heading = build('h2', '', name)
  heading.id = `tag-${name.toLowerCase()}`
  const cards = calls.map((call) => operationCard(call, resolve, announce))
  const section = build(
    'section',
    'operation-group',
    heading,
    build('p', 'group-summary', description),
    ...cards,
  )
  section.setAttribute('aria-labelledby', heading.id)
  elementById('operations', HTMLElement).append(section)
  callList.append(build('p', 'calls-title', name), build('ul', '', ...calls.map(linkTo)))
}

function linkTo({ method, path, operation }: Call): HTMLElement {
  const link = build(
    'a',
    '',
    build('span', 'method', method),
    ' ',
    build('code', '', path),
  ) as HTMLAnchorElement
  link.href = `#${operation.operationId}`
  return build('li', '', link)
}

function callsOf({ paths }: OpenapiDocument, tag: string): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

// Beside the calls where there is room, folded above them where there is not.
callList.open = matchMedia('(min-width: 60rem)').matches

try {
  show(await readDocument())
  // What an address names was not there when the browser looked for it.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView()
} catch (error) {
  const problem = elementById('api-problem', HTMLElement)
  problem.textContent = `The description cannot be shown. ${error instanceof Error ? error.message : ''}`
  problem.hidden = false
} finally {
  main.removeAttribute('aria-busy')
}
