import Database from 'better-sqlite3'

/** Opens the reference server's database: one table with the fields that the API shows, as durable as gitmsg's. */
export function openBareDatabase(path: string): Database.Database {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, uid TEXT, content TEXT, sender TEXT,
    timestamp TEXT, git_hash TEXT, is_synchronized INTEGER, created_at TEXT, updated_at TEXT)`)
  database.exec('CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (sender)')
  return database
}

/** Copies all messages of a gitmsg database into a new bare database. */
export function copyToBareDatabase(from: string, to: string): void {
  const database = openBareDatabase(to)
  database.prepare('ATTACH ? AS gitmsg').run(from)
  database.exec(`INSERT INTO messages SELECT id, uid, content, sender, timestamp, git_hash, is_synchronized,
    created_at, updated_at FROM gitmsg.messages`)
  database.exec('DETACH gitmsg')
  database.close()
}

/** The number of messages in a database, gitmsg's or the bare one, and the number of those in a repository. */
export function countMessages(path: string): { stored: number; synchronized: number } {
  const database = new Database(path)
  const row = database.prepare('SELECT count(*) AS stored, count(git_hash) AS synchronized FROM messages')
  const counts = row.get() as { stored: number; synchronized: number }
  database.close()
  return counts
}

/** A message to store. */
export interface BarePost {
  readonly content: string
  readonly sender: string
  /** Receives the message's id once the message is durable. */
  readonly onStored: (id: number) => void
}

/** Stores all posts of one turn of the event loop in one transaction. */
export function createBareGroup(database: Database.Database): (post: BarePost) => void {
  const insert = database.prepare('INSERT INTO messages (content, sender, timestamp) VALUES (?, ?, ?)')
  const insertAll = database.transaction((group: readonly BarePost[]) =>
    group.map(({ content, sender }) => insert.run(content, sender, new Date().toISOString()).lastInsertRowid),
  )
  let waiting: BarePost[] = []

  function storeGroup(): void {
    const group = waiting
    waiting = []
    const ids = insertAll(group)
    for (const [index, { onStored }] of group.entries()) onStored(Number(ids[index]))
  }

  return function store(post) {
    if (waiting.push(post) === 1) setImmediate(storeGroup)
  }
}
