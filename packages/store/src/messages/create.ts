import { checkNewMessage } from '../arguments.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { createWriteGroup } from '../database/write-group.js'
import type { Store } from '../store.js'
import type { CreatedMessage, NewMessage } from '../stored-message.js'

/** In characters, about: some ten milliseconds, between which others have their turn. */
const MAX_TRANSACTION_SIZE = 100_000
/** Of a message without text. */
const MESSAGE_SIZE = 100

/** @see {@link Store.createMessage} */
export function createMessageWriter(
  database: Database,
  clock: Clock,
  isOutage: (error: unknown) => boolean,
): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: MAX_TRANSACTION_SIZE,
    sizeOf: ({ content }) => MESSAGE_SIZE + content.length,
    write: (group) => database.createMessages(group, clock()),
    isOutage,
  })

  return async (message) => {
    checkNewMessage(message)
    return addToGroup(message)
  }
}
