import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What becomes of the next message of a client that matches: it is lost, or its response is. */
type Cut = 'request' | 'response'

/** Stands between clients and a server, and cuts connections. */
export interface CuttingProxy extends AsyncDisposable {
  /** The URL of the server, through the proxy. */
  readonly url: string
  /** How many connections were cut by {@link CuttingProxy.cutNext}. */
  readonly cuts: number
  /** Cuts the connection on which a client next sends a message that contains this text. */
  cutNext(text: string, lost: Cut): void
  /** Cuts all connections, and accepts no more until `reconnect`. */
  disconnect(): void
  reconnect(): void
  /** Passes new connections on to the server of another URL. */
  pointTo(serverUrl: string): void
  /** Keeps all connections, and accepts more, but passes nothing on; `thaw` cuts them. */
  freeze(): void
  thaw(): void
}

/** Starts a proxy for the server of this URL, without encryption. */
export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  let target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  let next: { text: string; lost: Cut } | undefined
  let isAway = false
  let isFrozen = false
  let cuts = 0

  function forward(client: Socket): void {
    if (isAway) {
      client.destroy()
      return
    }
    const server = connect(Number(target.port), target.hostname)
    const both = [client, server]
    const destroy = () => both.forEach((socket) => void socket.destroy())
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', destroy)
      socket.on('close', () => {
        sockets.delete(socket)
        destroy()
      })
    }
    server.on('data', (chunk) => void (isFrozen || client.write(chunk)))
    client.on('data', (chunk) => {
      if (isFrozen) return
      if (!next || !chunk.includes(next.text)) return server.write(chunk)
      const { lost } = next
      next = undefined
      cuts += 1
      if (lost === 'request') return destroy()
      server.removeAllListeners('data')
      server.once('data', destroy)
      return server.write(chunk)
    })
  }

  const proxy = createServer(forward)
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(serverUrl)
  url.hostname = '127.0.0.1'
  url.port = String((proxy.address() as AddressInfo).port)

  function cutAll(): void {
    for (const socket of sockets) socket.destroy()
  }
  function disconnect(): void {
    isAway = true
    cutAll()
  }

  return {
    url: url.href,
    get cuts() {
      return cuts
    },
    cutNext(text, lost) {
      next = { text, lost }
    },
    disconnect,
    reconnect() {
      isAway = false
    },
    pointTo(other) {
      target = new URL(other)
    },
    freeze() {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      cutAll()
    },
    async [Symbol.asyncDispose]() {
      disconnect()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
