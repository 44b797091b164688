import Database from 'better-sqlite3'

/** The reference server's database: one table with the fields that the API shows, as durable as gitmsg's. */
export function openBareDatabase(path: string): Database.Database {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, uid TEXT, content TEXT, sender TEXT,
    timestamp TEXT, git_hash TEXT, is_synchronized INTEGER, created_at TEXT, updated_at TEXT)`)
  database.exec('CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (sender)')
  return database
}

/** Makes such a database with all messages of gitmsg's. */
export function copyToBareDatabase(from: string, to: string): void {
  const database = openBareDatabase(to)
  database.prepare('ATTACH ? AS gitmsg').run(from)
  database.exec(`INSERT INTO messages SELECT id, uid, content, sender, timestamp, git_hash, is_synchronized,
    created_at, updated_at FROM gitmsg.messages`)
  database.exec('DETACH gitmsg')
  database.close()
}

/** How many messages a database has, gitmsg's or the bare one, and how many of them are in a repository. */
export function countMessages(path: string): { stored: number; synchronized: number } {
  const database = new Database(path)
  const row = database.prepare('SELECT count(*) AS stored, count(git_hash) AS synchronized FROM messages')
  const counts = row.get() as { stored: number; synchronized: number }
  database.close()
  return counts
}
