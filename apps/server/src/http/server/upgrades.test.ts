import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { countTurns } from '../../testing/count-turns.js'
import { handshake } from '../../testing/live/open-raw-socket.js'
import { handleUpgrades } from './upgrades.js'

const CLIENTS = 100

/** A server that rejects handshakes, and notes in which turn of the event loop it handled each. */
async function openServer() {
  const handled: number[] = []
  const counter = countTurns()
  const server = createServer((_, response) => response.end(String(handled.length)))
  handleUpgrades(server, {
    path: '/live',
    isResponding: () => false,
    handle(_request, response) {
      handled.push(counter.turns)
      response.writeHead(503).end()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    handled,
    port,
    connect: () => Array.from({ length: CLIENTS }, () => connect(port, '127.0.0.1').resume()),
    [Symbol.dispose]() {
      counter[Symbol.dispose]()
      server.close()
      server.closeAllConnections()
    },
  }
}

describe('handshakes that come at once', () => {
  it('are handled a few in a turn', async () => {
    using server = await openServer()
    const sockets = server.connect()
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const socket of sockets) socket.write(handshake(`127.0.0.1:${server.port}`))
    await Promise.all(sockets.map((socket) => once(socket, 'end')))
    const ofEachTurn = server.handled.map((turn) => server.handled.filter((other) => other === turn).length)
    expect(server.handled).toHaveLength(CLIENTS)
    expect(Math.max(...ofEachTurn)).toBeLessThanOrEqual(8)
  })

  it('wait for connections that came after them', async () => {
    using server = await openServer()
    const sockets = server.connect()
    for (const socket of sockets) socket.write(handshake(`127.0.0.1:${server.port}`))
    const [response] = await once(get({ port: server.port, agent: false }), 'response')
    const [handledBefore] = await once(response, 'data')
    expect(Number(handledBefore)).toBeLessThan(CLIENTS / 2)
    await Promise.all(sockets.map((socket) => once(socket, 'end')))
    expect(server.handled).toHaveLength(CLIENTS)
  })
})
