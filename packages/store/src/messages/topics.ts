import { sql } from 'kysely'
import { checkLimit, checkName, checkTime } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import type { Store } from '../store.js'

const DEFAULT_LIMIT = 50

/** @see {@link Store.listTopics} */
export function createListTopics(database: Database): Store['listTopics'] {
  return async ({ limit = DEFAULT_LIMIT, before } = {}) => {
    checkLimit(limit)
    if (before) {
      checkTime('before.last_at', before.last_at)
      checkName('before.topic', before.topic)
    }
    return database.read((queries) => {
      const page = queries
        .selectFrom('topics')
        .select(['topic', 'messages', 'last_at'])
        .orderBy('last_at', 'desc')
        .orderBy('topic', 'desc')
        .limit(limit)
      if (!before) return page.execute()
      return page.where(sql<boolean>`(last_at, topic) < (${before.last_at}, ${before.topic})`).execute()
    })
  }
}
