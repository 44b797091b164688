// The smallest server that stores and lists messages with the same fields and durability as gitmsg: node:http,
// better-sqlite3, synchronous=FULL. `reference-server DATABASE each|grouped`: one transaction for each post, or one
// for all posts that arrive in the same turn of the event loop.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBareGroup, openBareDatabase } from '../data/bare-database.js'

const [path = '', transactions] = process.argv.slice(2)
const database = openBareDatabase(path)
const insert = database.prepare('INSERT INTO messages (content, sender, timestamp) VALUES (?, ?, ?)')
const latest = database.prepare('SELECT * FROM messages ORDER BY id DESC LIMIT ?')
const page = database.prepare('SELECT * FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?')
const bySender = database.prepare('SELECT * FROM messages WHERE sender = ? ORDER BY id DESC LIMIT ?')

const storeGrouped = createBareGroup(database)

const created = (id: number | bigint) => ({ status: 'success', message_id: Number(id) })

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function list(query: URLSearchParams): object[] {
  const limit = Number(query.get('limit') ?? 50)
  const sender = query.get('sender')
  const before = query.get('before')
  const rows = sender
    ? bySender.all(sender, limit)
    : before
      ? page.all(Number(before), limit)
      : latest.all(limit)
  return (rows as { is_synchronized: number }[]).map((row) => ({
    ...row,
    is_synchronized: row.is_synchronized === 1,
  }))
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    respond(response, 200, list(new URL(request.url ?? '', 'http://localhost').searchParams))
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { content, sender } = JSON.parse(Buffer.concat(chunks).toString())
    const onStored = (id: number | bigint) => respond(response, 201, created(id))
    if (transactions === 'grouped') storeGrouped({ content, sender, onStored })
    else onStored(insert.run(content, sender, new Date().toISOString()).lastInsertRowid)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Serving on http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
