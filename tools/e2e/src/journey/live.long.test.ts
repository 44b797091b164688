import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient } from '../testing/client.js'
import { openFrameCheck } from '../testing/frame-check.js'
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

it('the live channel misses nothing and repeats nothing while its server is killed again and again', async () => {
  await using workspace = await openWorkspace()
  let server = await workspace.start()
  const follower = await followServer(() => server.url)
  await until(() => follower.connections() > 0)
  const acknowledged: string[] = []
  let connections = 0
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
    // Every fourth kill comes at any moment since the start, the others while it is followed, on any machine.
    const before = acknowledged.length
    if (life % 4 !== 3)
      await until(() => follower.connections() > connections && acknowledged.length > before + 1)
    await pause(100 + 50 * life)
    await server.stop('SIGKILL')
    await Promise.all(posting)
    connections = follower.connections()
    server = await workspace.start()
  }
  await until(() => acknowledged.every((content) => follower.contents.has(content)), 30_000)
  await follower.stop()
  expect(follower.connections()).toBeGreaterThan(4)
  expect(acknowledged.length).toBeGreaterThan(8)
})
