import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it } from 'vitest'
import { countTurns } from '../../testing/count-turns.js'
import { handshake } from '../../testing/live/open-raw-socket.js'
import { handleUpgrades } from './upgrades.js'

it('handshakes that come at once are handled a few in a turn, so that other requests get theirs', async () => {
  const handled: number[] = []
  using counter = countTurns()
  const server = createServer()
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
  const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) socket.write(handshake(`127.0.0.1:${port}`))
  await Promise.all(sockets.map((socket) => once(socket.resume(), 'end')))
  for (const socket of sockets) socket.destroy()
  server.close()
  const ofEachTurn = handled.map((turn) => handled.filter((other) => other === turn).length)
  expect(handled).toHaveLength(100)
  expect(Math.max(...ofEachTurn)).toBeLessThanOrEqual(8)
})
