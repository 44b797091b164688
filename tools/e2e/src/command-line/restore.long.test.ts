import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type ApiMessage, createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { SERVER_MAIN, serverEnvironment, until } from '../testing/run-server.js'
import { countMessages } from '../testing/servers/database.js'
import { everyMessage, postMany, readEverything } from '../testing/servers/many-messages.js'
import { openWorkspace } from '../testing/workspace.js'

describe('gitmsg restore', () => {
  it('restores the messages of several servers, each once', async () => {
    await using one = await openWorkspace()
    await using other = await openWorkspace()
    const settings = { GITMSG_REMOTE: one.makeRemote() }
    const servers = await Promise.all([one, other].map((workspace) => workspace.start(settings)))
    const clients = servers.map(({ url }) => createClient(url))
    await Promise.all(clients.map((client, server) => postMany(client, { from: 100 * server, count: 40 })))
    await until(async () => {
      for (const client of clients) await client.sync()
      const lists = await Promise.all(clients.map((client) => client.list('?limit=1000&synchronized=true')))
      return lists.every(({ length }) => length === 80)
    })
    const [server] = servers
    const [client] = clients as [ReturnType<typeof createClient>]
    const before = await readEverything(client)
    await server?.stop()
    await one.loseData()

    expect(gitmsg(one.path, ['restore', '--json'], settings).stdout).toBe(
      `${JSON.stringify({ commits: 80, imported: 80, changed: 0, settled: 0, skipped: 0, conflicts: 0 })}\n`,
    )
    const after = await readEverything(createClient((await one.start(settings)).url))
    expect(byUid(after.list)).toEqual(byUid(before.list))
    expect(gitmsg(other.path, ['verify'], settings).status).toBe(0)
  })

  it('continues after it was killed', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_REMOTE: workspace.makeRemote() }
    const lost = await workspace.start(settings)
    for (let from = 0; from < 1_500; from += 150) await postMany(createClient(lost.url), { from, count: 150 })
    await until(async () => (await createClient(lost.url).sync()).pending === 0)
    const list = await everyMessage(createClient(lost.url))
    await lost.stop()

    await until(async () => {
      await workspace.loseData()
      await killRestore(workspace.path, settings)
      return countMessages(workspace.path) < 1_500 // otherwise it finished before the kill
    })
    expect(countMessages(workspace.path)).toBeGreaterThan(0)
    expect(gitmsg(workspace.path, ['restore'], settings).status).toBe(0)
    const client = createClient((await workspace.start(settings)).url)
    expect(await everyMessage(client)).toEqual(list)
  })
})

/** Starts a restore and kills it as soon as the database has a message. */
async function killRestore(cwd: string, settings: Record<string, string>): Promise<void> {
  const restoring = spawn(process.execPath, [SERVER_MAIN, 'restore'], {
    cwd,
    env: serverEnvironment(settings),
  })
  const exit = once(restoring, 'exit')
  await until(() => countMessages(cwd) > 0)
  restoring.kill('SIGKILL')
  await exit
}

const byUid = (messages: readonly ApiMessage[]) =>
  Object.fromEntries(messages.map(({ uid, id, ...message }) => [uid, message]))
