/** The fields of a message from the API that are compared. */
export interface ApiMessage {
  readonly id: number
  readonly uid: string
  /** `null` if the message was deleted. */
  readonly content: string | null
  readonly sender: string
  readonly git_hash: string | null
  /** Left out: 1. */
  readonly version?: number
  readonly format?: string
}

/** A version in a message's history. */
export interface ApiVersion {
  readonly version: number
  readonly content: string
  readonly git_hash: string | null
}

/** A response of the API. */
export interface ApiResponse {
  readonly status: number
  readonly body: string
}

/** The fields of `GET /sync` that are checked. */
export interface SyncStatus {
  readonly pending: number
  readonly quarantined: number
  readonly state: string
  readonly head: string | null
  readonly last_error: { readonly code: string; readonly message: string } | null
}

const TIMEOUT_MS = 15_000
const PAGE_SIZE = 1000

/** Posts one message; rejects if no response arrives. */
export const post = (url: string, content: string): Promise<ApiResponse> =>
  send(url, { method: 'POST', path: 'messages', body: { content, sender: 'drill' } })

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A request to the API. */
export interface ApiRequest {
  readonly method: Method
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends a request; rejects if no response arrives. */
export async function send(url: string, { method, path, body, headers }: ApiRequest): Promise<ApiResponse> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: response.status, body: await response.text() }
}

/** Sends any request; resolves with the parsed body, if there is one. Rejects unless it succeeds. */
export async function request(url: string, method: Method, path: string, body?: object): Promise<unknown> {
  const response = await send(url, { method, path, ...(body && { body }) })
  if (response.status >= 300) {
    throw new Error(`${method} /${path} responded with ${response.status}: ${response.body}`)
  }
  return response.body === '' ? null : JSON.parse(response.body)
}

/** Reads all messages of a server, page by page; `filter` is `deleted=true` or `format=reaction`. */
export async function listAll(url: string, filter = ''): Promise<ApiMessage[]> {
  const all: ApiMessage[] = []
  for (let before = ''; ; before = `&before=${all.at(-1)?.id}`) {
    const query = `limit=${PAGE_SIZE}${filter && `&${filter}`}${before}`
    const page = (await request(url, 'GET', `messages?${query}`)) as ApiMessage[]
    all.push(...page)
    if (page.length < PAGE_SIZE) return all
  }
}

/** Reads the state of the synchronization without starting any. */
export const syncStatus = async (url: string): Promise<SyncStatus> =>
  (await request(url, 'GET', 'sync')) as SyncStatus

/** Reads the newest versions of a message, the newest first. */
export const readHistory = async (url: string, uid: string): Promise<ApiVersion[]> =>
  (await request(url, 'GET', `messages/${uid}/history?limit=${PAGE_SIZE}`)) as ApiVersion[]
