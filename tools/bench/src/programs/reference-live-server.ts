// The smallest server that sends what is posted to all WebSockets: node:http and ws. It stores nothing.
// `reference-live-server GATHER_MS`: 0 sends each message at once, else those of a time are sent as one frame.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

const gatherMs = Number(process.argv[2])
const epoch = randomUUID()
const sockets = new Set<WebSocket>()
let position = 0
let sent = 0
let gathered: object[] = []

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { content, sender } = JSON.parse(Buffer.concat(chunks).toString())
    position += 1
    gathered.push(makeDetails(position, content, sender))
    const body = JSON.stringify({ status: 'success', message_id: position })
    response.writeHead(201, { 'Content-Type': 'application/json' }).end(body)
    if (gatherMs === 0) sendGathered()
  })
})

/** With the fields, and so the size, of a message of gitmsg. */
function makeDetails(id: number, content: string, sender: string): object {
  const timestamp = new Date().toISOString()
  const uid = randomUUID()
  return {
    ...{ id, uid, content, sender, timestamp, git_hash: null, is_synchronized: false },
    ...{ created_at: timestamp, updated_at: timestamp, path: `messages/00/00/00/${uid}.json`, position: id },
    sync: { state: 'pending' },
  }
}

function sendGathered(): void {
  if (gathered.length === 0) return
  const frame = Buffer.from(JSON.stringify({ type: 'messages', after: sent, position, messages: gathered }))
  sent = position
  gathered = []
  for (const socket of sockets) socket.send(frame, { binary: false })
}

const channel = new WebSocketServer({ server, path: '/live', perMessageDeflate: false })
channel.on('connection', (socket) => {
  socket.once('close', () => sockets.delete(socket))
  socket.once('message', () => {
    sockets.add(socket)
    socket.send(JSON.stringify({ type: 'welcome', epoch, position: sent }))
  })
})
if (gatherMs > 0) setInterval(sendGathered, gatherMs)
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Serving on http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
