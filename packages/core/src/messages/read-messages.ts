import type { MessageQuery, Store, StoredMessage } from '@gitmsg/store'
import { readPage } from './read-page.js'

const DEFAULT_LIMIT = 50

/** Messages, newest first, and how to go on. */
export interface MessagePage {
  /** Newest first. */
  readonly messages: StoredMessage[]
  /** Asks for the page after this one: older messages or, with `after`, newer ones. `null` where there is none. */
  readonly next: MessageQuery | null
}

/** One page; with `after` it is read from its oldest message on. */
export async function listMessages(store: Store, query: MessageQuery): Promise<MessagePage> {
  const { limit = DEFAULT_LIMIT } = query
  const forward = query.after !== undefined
  // One more than was asked for, to know whether there are more.
  const found = await readPage<StoredMessage>(limit + 1, {
    sizeOf: ({ content }) => content.length,
    async readPart(wanted, last) {
      const rest = last && (forward ? { after: last.id } : { before: last.id })
      const part = await store.listMessages({ ...query, ...rest, limit: wanted })
      return forward ? part.reverse() : part
    },
  })
  const messages = found.slice(0, limit)
  const last = found.length > limit ? messages.at(-1) : undefined
  const next = last ? { ...query, ...(forward ? { after: last.id } : { before: last.id }) } : null
  return { messages: forward ? messages.reverse() : messages, next }
}
