// The least that can accept a message with the same durability: node:http, better-sqlite3, synchronous=FULL,
// and one transaction for all requests that come at once.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'

const database = new Database(process.argv[2])
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE messages (id INTEGER PRIMARY KEY, content TEXT, sender TEXT, timestamp TEXT)')
const insert = database.prepare('INSERT INTO messages (content, sender, timestamp) VALUES (?, ?, ?)')

interface Waiting {
  readonly message: { content: string; sender: string }
  readonly response: ServerResponse
}

let waiting: Waiting[] = []
const insertAll = database.transaction((group: readonly Waiting[]) =>
  group.map(
    ({ message }) => insert.run(message.content, message.sender, new Date().toISOString()).lastInsertRowid,
  ),
)

function flush(): void {
  const group = waiting
  waiting = []
  const ids = insertAll(group)
  for (const [index, { response }] of group.entries()) {
    response.writeHead(201, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ status: 'success', message_id: Number(ids[index]) }))
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    if (waiting.push({ message: JSON.parse(Buffer.concat(chunks).toString()), response }) === 1)
      setImmediate(flush)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Serving on http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
