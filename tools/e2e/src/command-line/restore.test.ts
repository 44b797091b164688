import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createClient as createAccountsClient } from '@gitmsg/client'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { ACCOUNTS, createSession, signIn } from '../testing/accounts.js'
import { type ApiMessage, createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { SERVER_MAIN, serverEnvironment, until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

type Client = ReturnType<typeof createClient>

/** All messages, page by page. */
async function everyMessage(client: Client): Promise<ApiMessage[]> {
  const messages: ApiMessage[] = []
  for (let query = '?limit=1000'; ; query = `?limit=1000&before=${messages.at(-1)?.id}`) {
    const page = await client.list(query)
    if (page.length === 0) return messages
    messages.push(...page)
  }
}

/** Everything that the API returns about messages but their positions: the list, and each message alone. */
async function readEverything(client: Client) {
  const list = await everyMessage(client)
  async function one({ id }: ApiMessage) {
    const { position: _, ...message } = (await (await client.call(`/messages/${id}`)).json()) as {
      position: number
    }
    return message
  }
  return { list, details: await Promise.all(list.map(one)) }
}

async function postMany(client: Client, { from = 0, count }: { from?: number; count: number }) {
  const numbers = Array.from({ length: count }, (_, index) => from + index)
  await Promise.all(numbers.map((number) => client.post(`message ${number} 👋`, `sender-${number % 5}`)))
}

describe('gitmsg restore', () => {
  it('restores every message exactly from the remote alone', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_REMOTE: workspace.makeRemote() }
    const lost = await workspace.start(settings)
    await postMany(createClient(lost.url), { count: 150 })
    await until(async () => (await createClient(lost.url).sync()).pending === 0)
    const before = await readEverything(createClient(lost.url))
    await lost.stop()
    await workspace.loseData()

    const restored = gitmsg(workspace.path, ['restore'], settings)
    expect(restored.stderr).toBe('')
    expect(restored.stdout).toBe('150 messages restored from 150 commits, 0 files skipped, 0 conflicts\n')
    expect(restored.status).toBe(0)
    expect(gitmsg(workspace.path, ['verify'], settings).status).toBe(0)

    const server = await workspace.start(settings)
    const client = createClient(server.url)
    expect(await readEverything(client)).toEqual(before)
    expect(await client.post('goes on')).toBe(151)
    expect(await client.sync()).toMatchObject({ pending: 0, last_error: null })
  })

  it('fails for a shallow remote, as verify does', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    for (const number of [0, 1, 2]) {
      await createClient(server.url).post(`message ${number}`)
      await until(async () => (await createClient(server.url).sync()).pending === 0)
    }
    await server.stop()
    await workspace.loseData()
    const shallow = join(workspace.path, 'shallow.git')
    const cloneArgs = ['clone', '--bare', '--branch=main', '--depth=2', `file://${remote}`, shallow]
    execFileSync('git', cloneArgs, { stdio: 'ignore' })

    for (const command of ['restore', 'verify']) {
      const { status, stderr } = gitmsg(workspace.path, [command], { GITMSG_REMOTE: shallow })
      expect(stderr).toContain('shallow clone')
      expect(status).toBe(1)
    }
  })

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
    const [client] = clients as [Client]
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

  it('fails if the database has messages or a server is running', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const server = await workspace.start({ GITMSG_FETCH_INTERVAL: '0' })
    await createClient(server.url).post('mine')
    const settings = { GITMSG_REMOTE: remote }
    expect(gitmsg(workspace.path, ['restore'], settings)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/stop it/),
    })
    await createClient(server.url).sync()
    await server.stop()
    expect(gitmsg(workspace.path, ['restore'], settings)).toMatchObject({ status: 1 })
    expect(countMessages(workspace.path)).toBe(1)
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

function countMessages(workspace: string): number {
  const path = join(workspace, 'data/gitmsg.db')
  if (!existsSync(path)) return 0
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('select count(*) from messages').pluck().get() as number
  } catch {
    return 0 // the table does not exist yet
  } finally {
    database.close()
  }
}

it('gitmsg restore leaves accounts as they are: people sign in, and hold what they held', async () => {
  await using workspace = await openWorkspace()
  const server = await workspace.start(ACCOUNTS)
  const admin = await createSession(workspace.path, server.url, ['ada', '--admin'])
  const author = await createSession(workspace.path, server.url, ['eve'])
  await createAccountsClient({ url: server.url, token: admin }).post({ content: 'published', sender: 'ada' })
  await createAccountsClient({ url: server.url, token: author }).post({ content: 'held', sender: 'eve' })
  expect(await server.stop()).toBe(0)
  const files = readdirSync(join(workspace.path, 'data')).filter((name) => name.startsWith('gitmsg.db'))
  for (const file of files) rmSync(join(workspace.path, 'data', file))
  const before = readFileSync(join(workspace.path, 'data/accounts.db'))

  expect(gitmsg(workspace.path, ['restore'], ACCOUNTS).status).toBe(0)
  expect(readFileSync(join(workspace.path, 'data/accounts.db')).equals(before)).toBe(true)
  const again = await workspace.start(ACCOUNTS)
  const token = await signIn(again.url, 'ada')
  for (const secret of [admin, token]) {
    const client = createAccountsClient({ url: again.url, token: secret })
    expect(await client.list()).toMatchObject([{ content: 'published', sender: 'ada' }])
    expect(await client.held()).toMatchObject([{ content: 'held', account: 'eve' }])
  }
})
