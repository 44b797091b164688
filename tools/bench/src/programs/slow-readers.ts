// Opens sockets that read nothing of what they are sent, and open again when they are closed for that:
// `slow-readers URL SOCKETS AFTER`, a position at which there is much to read. Sends `ready` when all are open; asked for
// it, sends how many messages the one that read most has got.
import { once } from 'node:events'
import { openLiveSocket } from '../rig/live-sockets.js'

const SOCKETS_AT_ONCE = 20
/** Their addresses are after those of the clients that read. */
const FIRST_CLIENT = 100_000

const [url = '', socketCount, place = ''] = process.argv.slice(2)
const sockets = Number(socketCount)
const [epoch, position] = place.split(':')
const after = { epoch, position: Number(position) }
const messages = [0]

for (let first = 0; first < sockets; first += SOCKETS_AT_ONCE) {
  await Promise.all(Array.from({ length: SOCKETS_AT_ONCE }, (_, index) => open(first + index)))
}
process.on('message', () => process.send?.(Math.max(...messages)))
process.send?.('ready')

async function open(index: number): Promise<void> {
  const socket = openLiveSocket(url, { client: FIRST_CLIENT + index, after })
  messages[index] = 0
  socket.on('error', () => {})
  socket.on('close', () => void open(index))
  socket.on('message', (bytes) => {
    messages[index] = (messages[index] ?? 0) + (JSON.parse(String(bytes)).messages?.length ?? 0)
    socket.pause()
  })
  await once(socket, 'open')
}
