import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Writes text on a connection whose own side stays open, whatever the server does. */
export function holdConnection(url: string, text: string) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  // A reset is the server's way to say that it wants no more.
  socket.on('error', () => {})
  socket.write(text)
  return {
    write: (text: string) => void socket.write(text),
    /** Resolves when something of an answer is there; nothing of it is read. */
    answered: () => once(socket, 'readable'),
    /** Everything that comes until the server closes, so much at most every 50 ms. */
    read: (most = Number.MAX_SAFE_INTEGER) => readAll(socket, most),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

async function readAll(socket: Socket, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let taken = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    taken += chunk.byteLength
    if (taken < most) return
    taken = 0
    socket.pause()
    setTimeout(() => socket.resume(), 50)
  })
  await once(socket, 'end')
  return Buffer.concat(chunks).toString('utf8')
}
