import { renameSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient as createLiveClient } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient } from '../testing/client.js'
import { openFrameCheck } from '../testing/frame-check.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

interface Place {
  readonly epoch: string
  readonly position: number
}

/** A client that resumes where its chain ends, for as long as it is told to, and gets only frames that are described. */
async function followServer(url: () => string) {
  const checkFrame = await openFrameCheck(url())
  const contents = new Map<string, number>()
  let place: Place | null = null
  let isStopped = false
  let connections = 0
  let socket: WebSocket | undefined

  async function connect(): Promise<void> {
    const current = new WebSocket(`${url().replace('http', 'ws')}live`, 'gitmsg.live.v1')
    socket = current
    current.on('error', () => {})
    current.on('open', () => current.send(JSON.stringify({ type: 'hello', after: place })))
    current.on('message', (data) => receive(JSON.parse(String(data))))
    await new Promise((resolve) => current.once('close', resolve))
  }

  // biome-ignore lint/suspicious/noExplicitAny: frames of every type
  function receive(frame: any): void {
    checkFrame(frame)
    if (frame.type === 'welcome') {
      connections += 1
      place = { epoch: frame.epoch, position: frame.position }
    }
    if (frame.type === 'reset') throw new Error('a reset')
    if (frame.type !== 'messages') return
    if (!place || frame.after !== place.position) throw new Error('the chain is broken')
    place = { epoch: place.epoch, position: frame.position }
    for (const { content, position } of frame.messages) {
      if ((contents.get(content) ?? 0) >= position) throw new Error('the same state twice')
      contents.set(content, position)
    }
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      await connect()
      await pause(20)
    }
  }

  const running = run()
  return {
    contents,
    connections: () => connections,
    async stop() {
      isStopped = true
      socket?.terminate()
      await running
    },
  }
}

describe('the live channel', () => {
  it('misses nothing and repeats nothing while its server is killed again and again', async () => {
    await using workspace = await openWorkspace()
    let server = await workspace.start()
    const follower = await followServer(() => server.url)
    await until(() => follower.connections() > 0)
    const acknowledged: string[] = []
    for (let life = 0; life < 8; life += 1) {
      const client = createClient(server.url)
      const posting = [0, 1].map(async (sender) => {
        for (let number = 0; server.process.signalCode === null; number += 1) {
          const content = `life ${life}, sender ${sender}, message ${number}`
          try {
            await client.post(content)
            acknowledged.push(content)
          } catch {
            return
          }
        }
      })
      await pause(100 + 50 * life)
      await server.stop('SIGKILL')
      await Promise.all(posting)
      server = await workspace.start()
    }
    await until(() => acknowledged.every((content) => follower.contents.has(content)), 30_000)
    await follower.stop()
    expect(follower.connections()).toBeGreaterThan(4)
    expect(acknowledged.length).toBeGreaterThan(8)
  })

  it('sends what another server on the same data stores, and says bye when its server stops', async () => {
    await using workspace = await openWorkspace()
    const first = await workspace.start()
    const second = await workspace.start()
    const checkFrame = await openFrameCheck(first.url)
    const socket = new WebSocket(`${first.url.replace('http', 'ws')}live`, 'gitmsg.live.v1')
    const frames: string[] = []
    socket.on('message', (data) => {
      checkFrame(JSON.parse(String(data)))
      frames.push(String(data))
    })
    socket.on('open', () => socket.send('{"type":"hello"}'))
    await until(() => frames.some((frame) => frame.includes('"welcome"')))
    await createClient(second.url).post('from the other process')
    await until(() => frames.some((frame) => frame.includes('from the other process')))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    expect(await first.stop()).toBe(0)
    expect(await closed).toBe(1012)
    expect(frames.at(-1)).toContain('"type":"bye"')
  })
  it('has clients read again after a restore, and they end equal to what was restored', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const lost = await workspace.start({ GITMSG_REMOTE: remote })
    const { port } = new URL(lost.url)
    const client = createLiveClient({ url: lost.url, WebSocket, random: () => 0.1 })
    await using live = client.live()
    await using follower = client.live({ limit: 0 })
    const resets: string[] = []
    for (const feed of [live, follower]) feed.on('reset', (reason) => resets.push(reason))
    await live.ready
    for (const content of ['one', 'two']) await client.post({ content, sender: 'alice' })
    await client.edit(1, { content: 'one, edited' })
    await until(async () => (await client.sync()).pending === 0)
    renameSync(remote, `${remote}.away`)
    await client.post({ content: 'never pushed', sender: 'alice' })
    await until(() => live.messages.length === 3)
    await lost.stop('SIGKILL')
    await workspace.loseData()
    renameSync(`${remote}.away`, remote)
    expect(gitmsg(workspace.path, ['restore'], { GITMSG_REMOTE: remote }).status).toBe(0)

    await workspace.start({ GITMSG_REMOTE: remote, PORT: port })
    await until(() => resets.length === 2)
    expect(resets).toEqual(['epoch_changed', 'epoch_changed'])
    await client.post({ content: 'goes on', sender: 'alice' })
    await until(() => live.messages[0]?.content === 'goes on')
    await until(async () => (await client.sync()).pending === 0)
    await until(() => live.messages[0]?.is_synchronized === true)
    expect(live.messages).toEqual(await client.list())
    expect(live.messages.map(({ content }) => content)).toEqual(['goes on', 'two', 'one, edited'])
  })
})
