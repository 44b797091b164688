import type { Clock } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import type { CreatedMessage, NewMessage, Store } from '../store.js'
import { checkNewMessage } from './check-message.js'
import { createMessages } from './create-messages.js'
import { createWriteGroup } from './write-group.js'

const messagesPerTransaction = 1_000

/** @see {@link Store.createMessage} */
export function prepareCreateMessage(database: Database, clock: Clock): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: messagesPerTransaction,
    write: (messages) => database.write((transaction) => createMessages(transaction, messages, clock())),
  })

  return async (message) => {
    checkNewMessage(message)
    return addToGroup(message)
  }
}
