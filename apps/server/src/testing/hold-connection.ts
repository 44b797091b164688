import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Writes text on a connection whose client side stays open, whatever the server does. */
export function holdConnection(url: string, text: string) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  // The server may reset a connection that it wants nothing more from.
  socket.on('error', () => {})
  socket.write(text)
  return {
    write: (text: string) => void socket.write(text),
    /** Resolves when the first bytes of a response have arrived; reads none of them. */
    responded: () => once(socket, 'readable'),
    /** Everything until the server closes the connection, at most this many bytes every 50 ms. */
    read: (maxBytes = Number.MAX_SAFE_INTEGER) => readAll(socket, maxBytes),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

async function readAll(socket: Socket, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes < maxBytes) return
    bytes = 0
    socket.pause()
    setTimeout(() => socket.resume(), 50)
  })
  await once(socket, 'end')
  return Buffer.concat(chunks).toString('utf8')
}
