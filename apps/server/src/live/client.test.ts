import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type MessageDetails, type PostedMessage } from '@gitmsg/client'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { openTestServer } from '../testing/servers/open-test-server.js'

/** Passes connections on to a server, and cuts them when a test says. */
async function openProxy() {
  const sockets = new Set<Socket>()
  const counts = { cut: 0 }
  const target = { url: '' }
  const proxy = createServer((client) => {
    const server = connect(Number(new URL(target.url).port), '127.0.0.1')
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    client.pipe(server).pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}`,
    target,
    counts,
    cut() {
      counts.cut += sockets.size
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

const WAIT = { timeout: 20_000, interval: 20 }

describe('the client on the live channel', () => {
  it('ends equal to the server, and its iteration misses nothing, whatever two writers and a bad line do', async () => {
    await using proxy = await openProxy()
    await using server = await openTestServer({ allowedHosts: [proxy.host] })
    proxy.target.url = server.url
    const writers = [1, 2].map(() => createClient({ url: server.url }))
    const client = createClient({ url: proxy.url, WebSocket, random: () => 0.01 })
    await using live = client.live({ limit: 1000 })
    await using follower = client.live({ limit: 0, after: await server.engine.position() })
    const newest = new Map<string, MessageDetails>()
    const followed = (async () => {
      for await (const message of follower) newest.set(message.uid, message)
    })()
    const cuts = setInterval(proxy.cut, 40)
    await Promise.all(
      writers.map(async (writer, index) => {
        const sender = `writer-${index}`
        for (let count = 0; count < 40; count += 1) {
          const message = { content: `${count}`, sender, topic: `t${count % 3}` }
          const { message_id } = (await writer.post(message)) as PostedMessage
          if (count % 3 === 0) await writer.edit(message_id, { content: `${count} again`, topic: null })
          if (count % 4 === 0)
            await writer.post({ content: '👍', sender, format: 'reaction', reply_to: message_id })
          if (count % 5 === 0) await writer.remove(message_id)
          await pause(5)
        }
      }),
    )
    clearInterval(cuts)
    const expected = () => writers[0]?.list({ limit: 1000 })
    await vi.waitFor(async () => {
      expect((await server.engine.status()).pending).toBe(0)
      expect(live.position).toEqual(await server.engine.position())
      expect(follower.position).toEqual(live.position)
      expect(live.messages).toEqual(await expected())
    }, WAIT)
    await follower.close()
    await followed
    const changed = [...newest.values()].filter(({ deleted, format }) => !deleted && format === undefined)
    const asListed = changed
      .map(({ path, position, sync, ...message }) => message)
      .sort((one, other) => other.id - one.id)
    expect(asListed).toEqual(await expected())
    expect(newest.size).toBe(100)
    expect(proxy.counts.cut).toBeGreaterThan(0)
  })

  it('narrows to topics, and sees messages come and leave', async () => {
    await using server = await openTestServer()
    const client = createClient({ url: server.url, WebSocket })
    for (const topic of ['a', 'b', 'c']) await client.post({ content: topic, sender: 'x', topic })
    await using live = client.live({ topics: ['a', 'b'] })
    await live.ready
    expect(live.messages.map(({ content }) => content)).toEqual(['b', 'a'])
    await client.edit(1, { topic: 'c' })
    await client.edit(3, { topic: 'a' })
    await vi.waitFor(() => expect(live.messages.map(({ content }) => content)).toEqual(['c', 'b']), WAIT)
  })

  it('reads its pages again when the server begins another history, and goes on from there', async () => {
    await using server = await openTestServer()
    const client = createClient({ url: server.url, WebSocket })
    await client.post({ content: 'one', sender: 'x' })
    await using live = client.live()
    await live.ready
    const resets: string[] = []
    live.on('reset', (reason) => resets.push(reason))
    await server.store.resetSynchronization()
    await vi.waitFor(() => expect(resets).toEqual(['epoch_changed']), WAIT)
    await client.post({ content: 'two', sender: 'x' })
    await vi.waitFor(async () => expect(live.messages).toEqual(await client.list()), WAIT)
    expect(live.messages).toHaveLength(2)
  })

  it('waits when the server says bye', async () => {
    await using server = await openTestServer()
    const client = createClient({ url: server.url, WebSocket })
    await using live = client.live()
    await live.ready
    const states: string[] = []
    live.on('status', ({ state }) => states.push(state))
    await server.live?.close()
    await vi.waitFor(() => expect(states).toContain('waiting'), WAIT)
    expect(live.status.error).toMatchObject({ code: 'unreachable' })
  })

  it('stops when its token is not valid', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens })
    const client = createClient({ url: server.url, token: 'gitmsg_wrong', WebSocket })
    const live = client.live()
    await expect(live.ready).rejects.toMatchObject({ status: 401 })
    expect(live.status).toMatchObject({ state: 'stopped', error: { status: 401 } })
  })
})
