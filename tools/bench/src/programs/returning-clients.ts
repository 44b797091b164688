// Follows a server with clients that come back when they lose it: `returning-clients URL CLIENTS`. Sends `ready` when all
// are live, and `back` when each has lost its connection and is live again.
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@gitmsg/client'
import { WebSocket } from 'ws'
import { addressOf } from '../rig/live-sockets.js'

const CLIENTS_AT_ONCE = 50
const STEP_MS = 20

const [url = '', clientCount] = process.argv.slice(2)
const clients = Number(clientCount)
const live = new Set<number>()
const lost = new Set<number>()
const back = new Set<number>()

for (let client = 0; client < clients; client += 1) {
  follow(client)
  if (client % CLIENTS_AT_ONCE === 0) await pause(STEP_MS)
}

function follow(client: number): void {
  const localAddress = addressOf(client)
  const feed = createClient({
    url,
    WebSocket: class extends WebSocket {
      constructor(address: string, protocols?: string) {
        super(address, protocols, { localAddress, perMessageDeflate: false })
      }
    },
  }).live({ limit: 0 })
  feed.on('status', ({ state }) => {
    if (state === 'live') noteLive(client)
    else if (live.size === clients) lost.add(client)
  })
}

function noteLive(client: number): void {
  if (live.size < clients) {
    live.add(client)
    if (live.size === clients) process.send?.('ready')
  } else if (lost.has(client) && !back.has(client)) {
    back.add(client)
    if (back.size === clients) process.send?.('back')
  }
}
