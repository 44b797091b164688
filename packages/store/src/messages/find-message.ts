import { checkInteger, checkNumber, checkText, checkUids } from '../arguments.js'
import { bind } from '../sqlite/bind.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Store } from '../store.js'
import { messageColumns, toMessage } from './message-row.js'

const mostUids = 10_000

/** @see {@link Store.findMessage} */
export function prepareFindMessage(database: Database): Store['findMessage'] {
  const messages = database.queries.selectFrom('messages').select(messageColumns)
  const byId = messages.where('id', '=', 0).compile()
  const byUid = messages.where('uid', '=', '').compile()

  return async (key) => {
    if (typeof key === 'number') checkNumber('id', key)
    else checkText('uid', key)
    const query = bind(typeof key === 'number' ? byId : byUid, [key])
    const { rows } = await database.read((queries) => queries.executeQuery(query))
    return rows[0] ? toMessage(rows[0]) : null
  }
}

/** @see {@link Store.findMessages} */
export function prepareFindMessages(database: Database): Store['findMessages'] {
  return async (uids) => {
    checkUids(uids)
    checkInteger('the number of uids', uids.length, { least: 0, most: mostUids })
    const rows = await database.read((queries) =>
      queries.selectFrom('messages').select(messageColumns).where('uid', 'in', jsonValues(uids)).execute(),
    )
    return rows.map(toMessage)
  }
}
