import { sql } from 'kysely'
import { checkInteger, checkLimit, checkName, checkTime, checkUids } from '../arguments.js'
import type { Database } from '../database/database.js'
import type { Store } from '../store.js'

const DEFAULT_LIMIT = 50
const MAX_UIDS = 1_000

/** @see {@link Store.listTopics} */
export function createListTopics(database: Database): Store['listTopics'] {
  return async ({ limit = DEFAULT_LIMIT, before } = {}) => {
    checkLimit(limit)
    if (before) {
      checkTime('before.last_at', before.last_at)
      checkName('before.topic', before.topic)
    }
    return database.read(({ queries }) => {
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

/** @see {@link Store.findEarlierTopics} */
export function createFindEarlierTopics(database: Database): Store['findEarlierTopics'] {
  return async (uids) => {
    checkUids(uids)
    checkInteger('the number of uids', uids.length, { min: 0, max: MAX_UIDS })
    const rows = await database.read(({ queries, texts }) =>
      queries
        .selectFrom('messages')
        .innerJoin('versions', 'versions.message_id', 'messages.id')
        .select(['messages.uid', 'versions.topic'])
        .distinct()
        .where('messages.uid', 'in', texts(uids))
        .where('versions.topic', 'is not', null)
        .execute(),
    )
    return rows.map(({ uid, topic }) => ({ uid, topic: topic as string }))
  }
}
