import { checkNewMessage } from '../arguments.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { createWriteGroup } from '../database/write-group.js'
import type { Store } from '../store.js'
import type { CreatedMessage, NewMessage } from '../stored-message.js'

const MAX_MESSAGES_PER_TRANSACTION = 1_000

/** @see {@link Store.createMessage} */
export function createMessageWriter(database: Database, clock: Clock): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: MAX_MESSAGES_PER_TRANSACTION,
    write: (messages) => database.createMessages(messages, clock()),
  })

  return async (message) => {
    checkNewMessage(message)
    return addToGroup(message)
  }
}
