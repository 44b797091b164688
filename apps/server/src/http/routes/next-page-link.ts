import type { Engine } from '@gitmsg/core'
import type { MessageQuery, StoredMessage } from '@gitmsg/store'

const DEFAULT_LIMIT = 50

/**
 * The `Link` header (RFC 8288) to the page after this one, where there is one: older messages or, for a
 * client that reads forward with `after`, newer ones.
 */
export async function nextPageLink(
  engine: Engine,
  query: MessageQuery,
  messages: readonly StoredMessage[],
): Promise<string | null> {
  const [newest] = messages
  const oldest = messages.at(-1)
  if (!newest || !oldest || messages.length < (query.limit ?? DEFAULT_LIMIT)) return null
  const forward = query.after !== undefined
  const next = { ...query, ...(forward ? { after: newest.id } : { before: oldest.id }) }
  const [follower] = await engine.list({ ...next, limit: 1 })
  if (!follower) return null
  const parameters = new URLSearchParams(
    Object.entries(next).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return `</messages?${parameters}>; rel="next"`
}
