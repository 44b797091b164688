import type { MessageQuery, Store, StoredMessage } from '@gitmsg/store'
import { readPage } from './read-page.js'

const DEFAULT_LIMIT = 50

/** One page, newest first; with `after` it is read from its oldest message on. */
export async function listMessages(store: Store, query: MessageQuery): Promise<StoredMessage[]> {
  const { limit = DEFAULT_LIMIT } = query
  const forward = query.after !== undefined
  const page = await readPage<StoredMessage>(limit, async (wanted, last) => {
    const rest = last && (forward ? { after: last.id } : { before: last.id })
    const part = await store.listMessages({ ...query, ...rest, limit: wanted })
    return forward ? part.reverse() : part
  })
  return forward ? page.reverse() : page
}
