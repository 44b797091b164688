import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageQuery, Store, StoredMessage } from '@gitmsg/store'

/** So many of the largest messages are read in a few milliseconds; reading holds up everybody else. */
const AT_A_TIME = 50
const DEFAULT_LIMIT = 50

/** One page, newest first; read in parts, so that a page of the largest messages holds up nobody for long. */
export async function listMessages(store: Store, query: MessageQuery): Promise<StoredMessage[]> {
  const { limit = DEFAULT_LIMIT } = query
  const forward = query.after !== undefined
  let messages: StoredMessage[] = []
  let rest = query
  for (;;) {
    const wanted = Math.min(AT_A_TIME, limit - messages.length)
    const part = await store.listMessages({ ...rest, limit: wanted })
    messages = forward ? [...part, ...messages] : [...messages, ...part]
    const last = forward ? part[0] : part.at(-1)
    if (last === undefined || part.length < wanted || messages.length === limit) return messages
    rest = { ...rest, ...(forward ? { after: last.id } : { before: last.id }) }
    await nextTurn()
  }
}
