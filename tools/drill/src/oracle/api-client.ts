/** The fields of a message from the API that are compared. */
export interface ApiMessage {
  readonly id: number
  readonly uid: string
  readonly content: string
  readonly git_hash: string | null
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
export async function post(url: string, content: string): Promise<{ status: number; body: string }> {
  const response = await fetch(new URL('messages', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content, sender: 'drill' }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: response.status, body: await response.text() }
}

/** Sends any request; resolves with the parsed body, if there is one. Rejects unless it succeeds. */
export async function request(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} /${path} responded with ${response.status}: ${text}`)
  return text === '' ? null : JSON.parse(text)
}

/** Reads all messages of a server, page by page. */
export async function listAll(url: string): Promise<ApiMessage[]> {
  const all: ApiMessage[] = []
  for (let before = ''; ; before = `&before=${all.at(-1)?.id}`) {
    const page = (await request(url, 'GET', `messages?limit=${PAGE_SIZE}${before}`)) as ApiMessage[]
    all.push(...page)
    if (page.length < PAGE_SIZE) return all
  }
}

/** Reads the state of the synchronization without starting any. */
export const syncStatus = async (url: string): Promise<SyncStatus> =>
  (await request(url, 'GET', 'sync')) as SyncStatus
