import type { MessageQuery, QuarantinedChange, Store } from '@gitmsg/store'
import { readPage } from './read-page.js'

const DEFAULT_LIMIT = 50

/** One page of the changes that were set aside, newest first; `before` is a sequence. */
export function listQuarantined(
  store: Store,
  { limit = DEFAULT_LIMIT, before }: Pick<MessageQuery, 'limit' | 'before'>,
): Promise<QuarantinedChange[]> {
  return readPage<QuarantinedChange>(limit, {
    sizeOf: ({ message, reason }) => message.content.length + reason.length,
    readPart(wanted, last) {
      const from = last?.sequence ?? before
      return store.quarantinedChanges({ limit: wanted, ...(from !== undefined && { before: from }) })
    },
  })
}
