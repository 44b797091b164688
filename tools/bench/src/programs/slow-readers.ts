// Opens sockets that read nothing of what they are sent: `slow-readers URL SOCKETS EPOCH POSITION`, where they begin.
// Sends `ready` when all are open; asked for it, sends how many messages the one that read most has got.
import { once } from 'node:events'
import { openLiveSocket } from '../rig/live-sockets.js'

const SOCKETS_AT_ONCE = 20
/** Their addresses are after those of the clients that read. */
const FIRST_CLIENT = 100_000

const [url = '', socketCount, epoch = '', position] = process.argv.slice(2)
const after = { epoch, position: Number(position) }
const messages: number[] = []

for (let first = 0; first < Number(socketCount); first += SOCKETS_AT_ONCE) {
  await Promise.all(Array.from({ length: SOCKETS_AT_ONCE }, (_, index) => open(first + index)))
}
process.on('message', () => process.send?.(Math.max(...messages)))
process.send?.('ready')

async function open(index: number): Promise<void> {
  const socket = openLiveSocket(url, { client: FIRST_CLIENT + index, after })
  messages[index] = 0
  socket.on('error', () => {})
  socket.on('message', (bytes) => {
    messages[index] = (messages[index] ?? 0) + (JSON.parse(String(bytes)).messages?.length ?? 0)
    socket.pause()
  })
  await once(socket, 'open')
}
