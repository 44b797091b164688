import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { encodeFrame, encodeMessages, encodeText } from './frame.js'

/** Sends frames, and resolves with what a client of ws received. */
async function receiveAll(frames: readonly Buffer[]): Promise<string[]> {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer()
  server.on('upgrade', (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (socket) => {
      for (const frame of frames) stream.write(frame)
      socket.close()
    })
  })
  const [near, far] = duplexPair()
  server.emit('connection', far)
  const client = new WebSocket('ws://server.invalid', { createConnection: () => near as Socket })
  const received: string[] = []
  client.on('message', (data, isBinary) => received.push(isBinary ? 'binary' : String(data)))
  const [code] = await once(client, 'close')
  expect(code).toBe(1005)
  return received
}

describe('a frame', () => {
  it('is what a WebSocket client reads, at every length at which the header changes', async () => {
    const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000].map((length) => 'é'.repeat(length / 2))
    const odd = [125, 127, 65_535].map((length) => 'x'.repeat(length))
    const all = [...texts, ...odd]
    expect(await receiveAll(all.map((text) => encodeText('sync', text).webSocket))).toEqual(all)
  })

  it('of messages has each of them as it was encoded, and parts that share its memory', async () => {
    const items = ['{"id":1}', '{"id":"ü"}'].map((json) => ({ json: Buffer.from(json) }))
    const { frame, parts } = encodeMessages({ epoch: 'e', after: 3, position: 5 }, items)
    const text = '{"type":"messages","after":3,"position":5,"messages":[{"id":1},{"id":"ü"}]}'
    expect(await receiveAll([frame.webSocket])).toEqual([text])
    expect(frame.event.toString()).toBe(`event: messages\nid: e:5\ndata: ${text}\n\n`)
    expect(parts.map(String)).toEqual(items.map(({ json }) => String(json)))
    expect(new Set(parts.map(({ buffer }) => buffer))).toEqual(new Set([frame.webSocket.buffer]))
  })

  it('without a place has no id as an event', () => {
    const { event } = encodeFrame({ type: 'beat', position: 7 })
    expect(event.toString()).toBe('event: beat\ndata: {"type":"beat","position":7}\n\n')
  })
})
