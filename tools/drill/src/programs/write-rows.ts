// Writes rows and prints the number of each committed one: `write-rows DATABASE SYNCHRONOUS`. With NORMAL it must
// lose rows in a power cut; otherwise the rig would prove nothing.
import { writeSync } from 'node:fs'
import Database from 'better-sqlite3'

const [path, synchronous] = process.argv.slice(2)
const database = new Database(path)
database.pragma('journal_mode = WAL')
database.pragma(`synchronous = ${synchronous}`)
database.exec('CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY, content TEXT)')
const insert = database.prepare('INSERT INTO rows (content) VALUES (?)')

for (;;) {
  const { lastInsertRowid } = insert.run('acknowledged '.repeat(10))
  writeSync(1, `${lastInsertRowid}\n`)
}
