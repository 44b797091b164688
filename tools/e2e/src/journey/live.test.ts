import { renameSync } from 'node:fs'
import { createClient as createLiveClient } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient } from '../testing/client.js'
import { openFrameCheck } from '../testing/frame-check.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

describe('the live channel', () => {
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
