import Database from 'better-sqlite3'

/** Every this many messages a thread begins, to which the others reply. */
export const THREAD_LENGTH = 20
const TOPICS = 100
const TOMBSTONE_EVERY = 100
const FIRST_TOMBSTONE = 50

/**
 * Gives the plain messages of a database topics and threads: each thread is in one of 100 topics. One message in a
 * hundred becomes a reaction, another one a tombstone. Much cheaper than posting them, and the database cannot tell the
 * difference. The repository's files stay as they were, so such a folder is for requests, not for `gitmsg verify`.
 */
export function makeConversations(path: string): void {
  const database = new Database(path)
  const isReaction = 'id % 100 = 22'
  const isDeleted = `id % ${TOMBSTONE_EVERY} = ${FIRST_TOMBSTONE}`
  const root = `(id - 1) / ${THREAD_LENGTH} * ${THREAD_LENGTH} + 1`
  const reply = `iif(id = ${root}, null, (select uid from messages as r where r.id = ${root.replaceAll('id', 'm.id')}))`
  database.exec(`update messages as m set
    topic = 'topic-' || ((id - 1) / ${THREAD_LENGTH} % ${TOPICS}),
    reply_to = ${reply},
    thread = ${reply},
    format = iif(${isReaction}, 'reaction', 'plain'),
    deleted_at = iif(${isDeleted}, updated_at, null),
    content = iif(${isDeleted}, '', iif(${isReaction}, '👍', content)),
    kind = iif(${isDeleted}, 2, ${isReaction})`)
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}

/** Whether the message with this id becomes a tombstone. */
export const isTombstone = (id: number): boolean => id % TOMBSTONE_EVERY === FIRST_TOMBSTONE

/** Marks all messages as synchronized but the newest ones, by commits that do not exist: for requests, likewise. */
export function pretendSynchronized(path: string, { pending }: { pending: number }): void {
  const database = new Database(path)
  database.exec(`delete from outbox where message_id <= (select max(id) from messages) - ${pending};
    update messages set git_hash = printf('%040x', id), is_synchronized = 1, synchronized_version = version,
      synchronized_position = position
    where id <= (select max(id) from messages) - ${pending}`)
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}

/** Makes every 200th message as long as one can be: such a row costs a hundred times as much to read. */
export function lengthenSome(path: string): void {
  const database = new Database(path)
  database.prepare('UPDATE messages SET content = ? WHERE id % 200 = 7').run('long '.repeat(6_500))
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}

/** The number of versions before the current ones. */
export function countVersions(path: string): number {
  const database = new Database(path)
  try {
    return database.prepare('SELECT count(*) FROM versions').pluck().get() as number
  } finally {
    database.close()
  }
}
