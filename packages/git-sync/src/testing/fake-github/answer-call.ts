import type { IncomingMessage } from 'node:http'
import { appRoutes } from './app-routes.js'
import { branchRoutes } from './branch-routes.js'
import {
  BAD_CREDENTIALS,
  BAD_GATEWAY,
  EMPTY,
  type FakeAnswer,
  NOT_FOUND,
  primaryLimit,
  refusal,
  secondaryLimit,
  TOO_LARGE,
} from './fake-answer.js'
import type { FakeRepository } from './fake-repository.js'
import type { FakeRoute } from './fake-route.js'
import type { FakeFault, FakeRequest, FakeSettings } from './fake-settings.js'
import { historyRoutes } from './history-routes.js'
import { objectRoutes } from './object-routes.js'

const ROUTES = [...branchRoutes, ...objectRoutes, ...historyRoutes, ...appRoutes]
/** Of a request whose connection ends before it is looked at. */
const NOTHING: FakeAnswer = { status: 0, body: null }

/** One request, and how it was answered. */
export interface LoggedRequest extends FakeRequest {
  /** HTTP status of the answer; 0 where the connection ended before it was looked at. */
  readonly status: number
  /** What went wrong with it, where something was made to. */
  readonly fault: FakeFault | undefined
  /** Milliseconds since the process began. */
  readonly at: number
}

/** An answer, ready to be sent or to be spoilt. */
export interface Answered {
  readonly answer: FakeAnswer
  readonly logged: LoggedRequest
}

/** What {@link answerCall} needs. */
export interface AnswerOptions {
  readonly request: IncomingMessage
  readonly body: string
  readonly url: string
  readonly name: string
  readonly repository: FakeRepository
  readonly settings: FakeSettings
  readonly faults: Partial<Record<FakeFault, number>>
}

/** Decides what to answer, and does what is asked unless a fault comes first. */
export async function answerCall(options: AnswerOptions): Promise<Answered> {
  const { request, url, settings, faults } = options
  const at = performance.now()
  const { pathname, searchParams } = new URL(request.url ?? '/', url)
  const method = request.method ?? 'GET'
  const found = match(method, pathname)
  const asked: FakeRequest = {
    method,
    path: request.url ?? '/',
    route: found?.route.route ?? pathname,
    query: Object.fromEntries(searchParams),
    body: options.body === '' ? {} : JSON.parse(options.body),
  }
  settings.remaining -= 1
  const fault = applicable(settings.fault?.(asked), asked)
  if (fault) faults[fault] = (faults[fault] ?? 0) + 1
  const answer =
    settings.intercept?.(asked) ??
    limited(fault, settings) ??
    refused(request, found?.variables, options) ??
    (await answerOf(found, asked, { ...options, isStale: fault === 'stale' }))
  return { answer, logged: { ...asked, status: answer.status, fault, at } }
}

/** Some faults can only happen to some requests. */
function applicable(fault: FakeFault | undefined, { route, method }: FakeRequest): FakeFault | undefined {
  if (fault === 'stale' && !route.endsWith('/git/ref/{ref}')) return undefined
  if (fault === 'too-large' && !(method === 'POST' && route.endsWith('/git/trees'))) return undefined
  return fault
}

/** What keeps a request from being looked at. */
function limited(fault: FakeFault | undefined, settings: FakeSettings): FakeAnswer | undefined {
  const reset = Math.floor(Date.now() / 1000) + (settings.pause ?? 60)
  if (fault === 'primary' || settings.remaining < 0) return primaryLimit(reset)
  if (fault === 'secondary') return secondaryLimit(settings.pause)
  if (fault === 'before-502') return BAD_GATEWAY
  if (fault === 'too-large') return TOO_LARGE
  return fault === 'before-lost' ? NOTHING : undefined
}

/** Who may not ask this. */
function refused(
  { headers, method }: IncomingMessage,
  variables: Readonly<Record<string, string>> | undefined,
  { name, settings }: AnswerOptions,
): FakeAnswer | undefined {
  if (variables?.installation_id !== undefined) return undefined
  const [, token] = (headers.authorization ?? '').split(' ')
  if (token !== undefined && token !== settings.token) return BAD_CREDENTIALS
  const isVisible = token !== undefined || !settings.isPrivate
  if (!isVisible || !settings.exists || `${variables?.owner}/${variables?.repo}` !== name) return NOT_FOUND
  if (method === 'GET') return undefined
  if (token === undefined) return refusal(401, 'Requires authentication')
  if (settings.isArchived) return refusal(403, 'Repository was archived so is read-only.')
  return settings.mayPush
    ? undefined
    : refusal(403, 'Resource not accessible by personal access token', {
        'x-accepted-github-permissions': 'contents=write',
      })
}

async function answerOf(
  found: { route: FakeRoute; variables: Record<string, string> } | undefined,
  { query, body }: FakeRequest,
  { repository, settings, url, isStale }: AnswerOptions & { isStale: boolean },
): Promise<FakeAnswer> {
  if (!found) return NOT_FOUND
  const { route, variables } = found
  if (route.needsCommits && (await repository.isEmpty())) return EMPTY
  return route.answer({ repository, settings, url, variables, query, body: body as never, isStale })
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
