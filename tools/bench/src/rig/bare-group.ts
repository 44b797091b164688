import type { Database } from 'better-sqlite3'

/** A message to store, and who wants to know its id. */
export interface BarePost {
  readonly content: string
  readonly sender: string
  readonly stored: (id: number) => void
}

/** Stores posts, all of one turn of the event loop in one transaction. */
export function createBareGroup(database: Database): (post: BarePost) => void {
  const insert = database.prepare('INSERT INTO messages (content, sender, timestamp) VALUES (?, ?, ?)')
  const insertAll = database.transaction((group: readonly BarePost[]) =>
    group.map(({ content, sender }) => insert.run(content, sender, new Date().toISOString()).lastInsertRowid),
  )
  let waiting: BarePost[] = []

  const storeGroup = (): void => {
    const group = waiting
    waiting = []
    const ids = insertAll(group)
    for (const [index, { stored }] of group.entries()) stored(Number(ids[index]))
  }

  return (post) => {
    if (waiting.push(post) === 1) setImmediate(storeGroup)
  }
}
