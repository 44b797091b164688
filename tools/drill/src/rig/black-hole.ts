import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onCleanup } from './cleanup.js'
import { signalAll } from './processes.js'
import { until } from './wait.js'

/** A proxy to a remote that can accept connections and never respond. */
export interface BlackHole {
  readonly url: string
  /** The number of connections without a response. */
  readonly swallowed: () => number
  /** Lets new connections through, or not. */
  setOpen(open: boolean): void
}

/** Serves the bare repositories in a folder over the git protocol, through a proxy that is closed at first. */
export async function openBlackHole(folder: string, name: string): Promise<BlackHole> {
  const port = await freePort()
  const daemon = spawn(
    'git',
    [
      'daemon',
      '--export-all',
      '--enable=receive-pack',
      `--base-path=${folder}`,
      `--port=${port}`,
      '--listen=127.0.0.1',
      folder,
    ],
    { stdio: 'ignore', detached: true },
  )
  onCleanup(() => signalAll([-Number(daemon.pid)], 'SIGKILL'))
  await until(() => canConnect(port), 10_000)

  let isOpen = false
  let swallowed = 0
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    sockets.add(client)
    client.on('error', () => {})
    if (!isOpen) {
      swallowed += 1
      client.resume()
      return
    }
    const server = connect(port, '127.0.0.1')
    server.on('error', () => client.destroy())
    client.pipe(server).pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onCleanup(() => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `git://127.0.0.1:${(proxy.address() as AddressInfo).port}/${name}`,
    swallowed: () => swallowed,
    setOpen(open) {
      isOpen = open
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
