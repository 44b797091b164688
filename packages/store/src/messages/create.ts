import { checkNewMessage } from '../arguments.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { createWriteGroup } from '../database/write-group.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { CreatedMessage, NewMessage } from '../stored-message.js'

/** In characters, about: some ten milliseconds, between which others have their turn. */
const MAX_TRANSACTION_SIZE = 100_000
/** Of a message without text. */
const MESSAGE_SIZE = 100

/** @see {@link Store.createMessage} */
export function createMessageWriter(database: Database, clock: Clock): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: MAX_TRANSACTION_SIZE,
    sizeOf: ({ content }) => MESSAGE_SIZE + content.length,
    write: (messages) => database.createMessages(messages, clock()),
    // A database that is away is waited for once, and not by one group after the other.
    meetsNextGroup: (error) => error instanceof StoreError && error.code === 'unavailable',
  })

  return async (message) => {
    checkNewMessage(message)
    return addToGroup(message)
  }
}
