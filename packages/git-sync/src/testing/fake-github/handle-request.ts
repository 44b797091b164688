import type { IncomingMessage } from 'node:http'
import { branchRoutes } from './branch-routes.js'
import type { FakeRepository } from './fake-repository.js'
import {
  BAD_CREDENTIALS,
  BAD_GATEWAY,
  EMPTY,
  errorResponse,
  type FakeResponse,
  NOT_FOUND,
  primaryLimit,
  secondaryLimit,
  TOO_LARGE,
} from './fake-response.js'
import type { FakeRoute } from './fake-route.js'
import type { FakeFault, FakeRequest, FakeSettings } from './fake-settings.js'
import { historyRoutes } from './history-routes.js'
import { objectRoutes } from './object-routes.js'

const HOUR_MS = 3_600_000

/** How a GitHub App gets a token. Its own signature is not checked. */
const tokenRoute: FakeRoute = {
  method: 'POST',
  route: '/app/installations/{installation_id}/access_tokens',
  async respond({ settings }) {
    if (!settings.exists) return BAD_CREDENTIALS
    const expires_at = new Date(Date.now() + HOUR_MS).toISOString()
    const permissions = { contents: 'write' }
    return {
      status: 201,
      body: { token: settings.token, expires_at, permissions, repository_selection: 'selected' },
    }
  },
}

const ROUTES = [...branchRoutes, ...objectRoutes, ...historyRoutes, tokenRoute]
/** For a request whose connection ends before it is handled. */
const NO_RESPONSE: FakeResponse = { status: 0, body: null }

/** One request, and what became of it. */
export interface LoggedRequest extends FakeRequest {
  /** HTTP status of the response; 0 if the connection ended before the request was handled. */
  readonly status: number
  /** The fault that was injected, if any. */
  readonly fault: FakeFault | undefined
  /** Milliseconds since the process started. */
  readonly at: number
}

/** A response, to be sent or to be spoilt by the fault. */
export interface Handled {
  readonly response: FakeResponse
  readonly logged: LoggedRequest
}

/** What {@link handleRequest} needs. */
export interface HandleOptions {
  readonly request: IncomingMessage
  readonly body: string
  readonly url: string
  readonly name: string
  readonly repository: FakeRepository
  readonly settings: FakeSettings
  readonly faults: Partial<Record<FakeFault, number>>
}

/** Does what a request says, unless a fault comes first, and returns the response. */
export async function handleRequest(options: HandleOptions): Promise<Handled> {
  const { request, url, settings, faults } = options
  const at = performance.now()
  const { pathname, searchParams } = new URL(request.url ?? '/', url)
  const method = request.method ?? 'GET'
  const found = match(method, pathname)
  const received: FakeRequest = {
    method,
    path: request.url ?? '/',
    route: found?.route.route ?? pathname,
    query: Object.fromEntries(searchParams),
    body: options.body === '' ? {} : JSON.parse(options.body),
  }
  settings.remaining -= 1
  const fault = applicable(settings.fault?.(received), received)
  if (fault) faults[fault] = (faults[fault] ?? 0) + 1
  const response =
    settings.intercept?.(received) ??
    limited(fault, settings) ??
    denied(request, found?.variables, options) ??
    (await respond(found, received, { ...options, isStale: fault === 'stale' }))
  return { response, logged: { ...received, status: response.status, fault, at } }
}

/** Some faults can only happen to some requests. */
function applicable(fault: FakeFault | undefined, { route, method }: FakeRequest): FakeFault | undefined {
  if (fault === 'stale' && !route.endsWith('/git/ref/{ref}')) return undefined
  if (fault === 'too-large' && !(method === 'POST' && route.endsWith('/git/trees'))) return undefined
  return fault
}

/** The response to a request that is not carried out. */
function limited(fault: FakeFault | undefined, settings: FakeSettings): FakeResponse | undefined {
  const reset = Math.floor(Date.now() / 1000) + (settings.pause ?? 60)
  if (fault === 'primary' || settings.remaining < 0) return primaryLimit(reset)
  if (fault === 'secondary') return secondaryLimit(settings.pause)
  if (fault === 'before-502') return BAD_GATEWAY
  if (fault === 'too-large') return TOO_LARGE
  return fault === 'before-lost' ? NO_RESPONSE : undefined
}

/** The response to a request that the token does not permit. */
function denied(
  { headers, method }: IncomingMessage,
  variables: Readonly<Record<string, string>> | undefined,
  { name, settings }: HandleOptions,
): FakeResponse | undefined {
  if (variables?.installation_id !== undefined) return undefined
  const [, token] = (headers.authorization ?? '').split(' ')
  if (token !== undefined && token !== settings.token) return BAD_CREDENTIALS
  const isVisible = token !== undefined || !settings.isPrivate
  if (!isVisible || !settings.exists || `${variables?.owner}/${variables?.repo}` !== name) return NOT_FOUND
  if (method === 'GET') return undefined
  if (token === undefined) return errorResponse(401, 'Requires authentication')
  if (settings.isArchived) return errorResponse(403, 'Repository was archived so is read-only.')
  return settings.mayPush
    ? undefined
    : errorResponse(403, 'Resource not accessible by personal access token', {
        'x-accepted-github-permissions': 'contents=write',
      })
}

async function respond(
  found: { route: FakeRoute; variables: Record<string, string> } | undefined,
  { query, body }: FakeRequest,
  { repository, settings, url, isStale }: HandleOptions & { isStale: boolean },
): Promise<FakeResponse> {
  if (!found) return NOT_FOUND
  const { route, variables } = found
  if (route.needsCommits && (await repository.isEmpty())) return EMPTY
  return route.respond({ repository, settings, url, variables, query, body: body as never, isStale })
}

function match(method: string, pathname: string) {
  for (const route of ROUTES) {
    if (route.method !== method) continue
    const pattern = route.route.replace(/\{(ref|path)\}/, '(?<$1>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    const groups = new RegExp(`^${pattern}$`).exec(pathname)
    if (!groups) continue
    const variables = Object.entries(groups.groups ?? {}).map(([key, value]) => [
      key,
      decodeURIComponent(value),
    ])
    return { route, variables: Object.fromEntries(variables) as Record<string, string> }
  }
  return undefined
}
