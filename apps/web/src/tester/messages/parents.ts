import type { ApiClient } from '../../api/api-client.js'
import type { Message } from '../../api/api-types.js'
import type { Parent } from '../row/row-context.js'

const MAX_REQUESTS_PER_POLL = 20

/** The messages that others reply to, by uid. */
export type ParentsByUid = ReadonlyMap<string, Parent>

/** Finds out to which messages those of a page reply: a list only includes their uids. */
export interface Parents {
  of(messages: readonly Message[], signal: AbortSignal): Promise<ParentsByUid>
}

/**
 * Requests `GET /messages/:uid` for messages that have been on no page yet. Their id and sender never change, so none is
 * requested twice.
 */
export function createParents(client: Pick<ApiClient, 'message'>): Parents {
  const parents = new Map<string, Parent>()

  function remember({ uid, id, sender }: Message): void {
    parents.set(uid, { id, sender })
  }

  async function lookUp(uid: string, signal: AbortSignal): Promise<void> {
    const result = await client.message(uid, signal)
    if (result.kind === 'success') remember(result.value)
    else if (result.kind === 'http-error' && (result.status === 410 || result.status === 404)) {
      parents.set(uid, null)
    }
  }

  return {
    async of(messages, signal) {
      messages.forEach(remember)
      const wanted = new Set(messages.flatMap(({ reply_to }) => reply_to ?? []))
      const unknown = [...wanted].filter((uid) => !parents.has(uid))
      await Promise.all(unknown.slice(0, MAX_REQUESTS_PER_POLL).map((uid) => lookUp(uid, signal)))
      return parents
    },
  }
}
