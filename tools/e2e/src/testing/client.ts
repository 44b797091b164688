import { setImmediate as nextTurn } from 'node:timers/promises'

/** A message as the API shows it. */
export interface ApiMessage {
  readonly id: number
  readonly uid: string
  readonly content: string
  readonly sender: string
  readonly timestamp: string
  readonly git_hash: string | null
  readonly is_synchronized: boolean
  readonly created_at: string
  readonly updated_at: string
}

/** A client of the HTTP API. */
export function createClient(url: string) {
  /** Sends any request. */
  async function call(path: string, init?: RequestInit): Promise<Response> {
    // While a command ran, and blocked this thread, the server may have closed the connection.
    await nextTurn()
    return fetch(new URL(path, url), init)
  }
  return {
    call,
    /** Posts a message and resolves with its id; rejects with the body of any response but 201. */
    async post(content: string, sender = 'alice', headers: Record<string, string> = {}): Promise<number> {
      const body = JSON.stringify({ content, sender })
      const response = await call('/messages', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      })
      const json = (await response.json()) as { message_id?: number }
      if (response.status !== 201 || !json.message_id)
        throw new Error(`${response.status} ${JSON.stringify(json)}`)
      return json.message_id
    },
    async list(query = ''): Promise<ApiMessage[]> {
      return (await (await call(`/messages${query}`)).json()) as ApiMessage[]
    },
    /** Synchronizes and resolves with the state afterwards. */
    async sync(): Promise<{
      pending: number
      state: string
      head: string | null
      last_error: { code: string } | null
    }> {
      return (await (await call('/sync', { method: 'POST' })).json()) as never
    },
  }
}
