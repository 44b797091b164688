import { checkLimit, checkNumber, checkText, checkTime, invalid } from '../arguments.js'
import { bind } from '../sqlite/bind.js'
import type { Database } from '../sqlite/database.js'
import type { MessageQuery, Store } from '../store.js'
import { chooseAccess } from './choose-access.js'
import { toMessage } from './message-row.js'
import { selectMessages } from './select-messages.js'

const defaultLimit = 50

/** @see {@link Store.listMessages} */
export function prepareListMessages(database: Database): Store['listMessages'] {
  const latest = selectMessages(database.queries, {}, { limit: defaultLimit }).compile()

  return async ({ limit = defaultLimit, ...conditions } = {}) => {
    checkLimit(limit)
    checkConditions(conditions)
    const isLatest = Object.values(conditions).every((condition) => condition === undefined)

    const { rows } = await database.read(async (queries) => {
      if (isLatest) return queries.executeQuery(bind(latest, [limit]))
      const access = await chooseAccess(queries, conditions)
      return queries.executeQuery(selectMessages(queries, conditions, { limit, access }).compile())
    })
    const messages = rows.map(toMessage)
    return conditions.after === undefined ? messages : messages.reverse()
  }
}

function checkConditions({ before, after, sender, since, until, synchronized }: MessageQuery): void {
  if (before !== undefined) checkNumber('before', before)
  if (after !== undefined) checkNumber('after', after)
  if (sender !== undefined) checkText('sender', sender)
  if (since !== undefined) checkTime('since', since)
  if (until !== undefined) checkTime('until', until)
  if (synchronized !== undefined && typeof synchronized !== 'boolean') {
    throw invalid('synchronized must be true or false')
  }
}
