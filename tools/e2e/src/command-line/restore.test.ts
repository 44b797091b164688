import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createClient as createAccountsClient } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { ACCOUNTS, createSession, signIn } from '../testing/accounts.js'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { countMessages } from '../testing/servers/database.js'
import { postMany, readEverything } from '../testing/servers/many-messages.js'
import { openWorkspace } from '../testing/workspace.js'

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

it('gitmsg restore leaves accounts as they are: people sign in, and hold what they held', async () => {
  await using workspace = await openWorkspace()
  const server = await workspace.start(ACCOUNTS)
  const admin = await createSession({ path: workspace.path, url: server.url }, ['ada', '--admin'])
  const author = await createSession({ path: workspace.path, url: server.url }, ['eve'])
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
