/** The parts of a message in the API's answer that are looked at here. */
export interface ApiMessage {
  readonly id: number
  readonly uid: string
  readonly content: string
  readonly git_hash: string | null
}

/** The parts of `GET /sync` that are looked at here. */
export interface SyncAnswer {
  readonly pending: number
  readonly quarantined: number
  readonly state: string
  readonly head: string | null
  readonly last_error: { readonly code: string; readonly message: string } | null
}

const PATIENCE = 15_000
const PAGE = 1000

/** Posts one message; throws when no answer comes. */
export async function post(url: string, content: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(new URL('messages', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content, sender: 'drill' }),
    signal: AbortSignal.timeout(PATIENCE),
  })
  return { status: answer.status, body: await answer.text() }
}

/** All messages that the server has, page by page. */
export async function listAll(url: string): Promise<ApiMessage[]> {
  const all: ApiMessage[] = []
  for (let before = ''; ; before = `&before=${all.at(-1)?.id}`) {
    const page = (await get(url, `messages?limit=${PAGE}${before}`)) as ApiMessage[]
    all.push(...page)
    if (page.length < PAGE) return all
  }
}

/** How the synchronization is doing; asks for nothing to be done. */
export const syncStatus = async (url: string): Promise<SyncAnswer> => (await get(url, 'sync')) as SyncAnswer

async function get(url: string, path: string): Promise<unknown> {
  const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(PATIENCE) })
  if (!answer.ok) throw new Error(`GET /${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
