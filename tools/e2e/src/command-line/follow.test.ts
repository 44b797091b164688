import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { freePort } from '../testing/free-port.js'
import { startScript } from '../testing/gitmsg.js'
import { type RunningServer, until } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const LIVES = 3
/** How many posts are acknowledged before each kill. */
const MIN_POSTS = 10

/** Starts `gitmsg follow`, and resolves once it does. */
async function follow(workspace: Workspace, server: RunningServer, script: string) {
  const following = startScript(workspace.path, script, { GITMSG_URL: server.url })
  await becomesFollowed(server)
  return following
}

async function becomesFollowed({ url }: RunningServer): Promise<void> {
  const metrics = () =>
    createClient(url)
      .call('/metrics')
      .then((response) => response.text())
  await until(async () => /^gitmsg_live_sockets 1$/m.test(await metrics()))
}

/** Posts from two senders until the server is gone; adds what it has acknowledged. */
async function postUntilKilled(server: RunningServer, life: number, acknowledged: string[]): Promise<void> {
  const client = createClient(server.url)
  const senders = ['alice', 'bob'].map(async (sender) => {
    for (let number = 0; server.process.signalCode === null; number += 1) {
      const content = `${sender} ${life}.${number}`
      try {
        await client.post(content, sender)
        acknowledged.push(content)
      } catch {
        return
      }
    }
  })
  await Promise.all(senders)
}

describe('gitmsg follow', () => {
  it('prints each message once, however often its server is killed under posts', async () => {
    await using workspace = await openWorkspace()
    const settings = { PORT: await freePort() }
    let server = await workspace.start(settings)
    using following = await follow(workspace, server, 'gitmsg follow')
    const acknowledged: string[] = []
    for (let life = 0; life < LIVES; life += 1) {
      await becomesFollowed(server)
      const posting = postUntilKilled(server, life, acknowledged)
      const count = acknowledged.length
      await until(() => acknowledged.length > count + MIN_POSTS)
      await server.stop('SIGKILL')
      await posting
      server = await workspace.start(settings)
    }
    await createClient(server.url).post('the last')
    await until(() => following.output().includes('"the last"'), 30_000)
    const printed = following.values().map(({ content }) => content)
    expect(acknowledged.filter((content) => !printed.includes(content))).toEqual([])
    expect(printed.filter((content, index) => printed.indexOf(content) !== index)).toEqual([])
    expect(following.errors().match(/connection lost/g)).toHaveLength(LIVES)
    expect(await following.stop('SIGINT')).toBe(130)
  }, 120_000)

  it('ends quietly when the reader of its output is gone', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    const script = 'set -o pipefail; gitmsg follow | head -n 1'
    using following = await follow(workspace, server, script)
    const client = createClient(server.url)
    await client.post('first')
    await until(() => following.output().includes('first'))
    await until(async () => {
      await client.post('more')
      return following.process.exitCode !== null
    })
    expect(await following.exit).toBe(0)
    expect([following.values().length, following.errors()]).toEqual([1, ''])
  })

  it('ends with an error if its output cannot be written', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    using following = await follow(workspace, server, 'gitmsg follow > /dev/full')
    await createClient(server.url).post('lost')
    expect(await following.exit).toBe(1)
    expect(following.errors()).toMatch(/^gitmsg: .*ENOSPC/)
  })
})
