import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** The contents of all messages in a database that no server uses. */
export function contentsOfDatabase(path: string): string[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT content FROM messages').pluck().all() as string[]
  } finally {
    database.close()
  }
}

/** How many messages the database of a server in this folder has by now. */
export function countMessages(workspace: string): number {
  const path = join(workspace, 'data/gitmsg.db')
  if (!existsSync(path)) return 0
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('select count(*) from messages').pluck().get() as number
  } catch {
    return 0 // the table does not exist yet
  } finally {
    database.close()
  }
}
