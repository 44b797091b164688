import { type Client, createClient } from '@gitmsg/client'
import { createDatabase, findPostgres, query, type TestDatabase } from '@gitmsg/test-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ACCOUNTS, createSession, signIn } from '../testing/accounts.js'
import { gitmsg } from '../testing/gitmsg.js'
import { type RunningServer, until } from '../testing/run-server.js'
import { git, openWorkspace, type Workspace } from '../testing/workspace.js'

const postgres = await findPostgres()

/** The tests are one story: each goes on where the one before ended. */
describe.skipIf(postgres === null)('two servers on one PostgreSQL, with accounts', () => {
  let database: TestDatabase
  let workspaces: [Workspace, Workspace]
  let servers: [RunningServer, RunningServer]
  let remote = ''
  let settings: Record<string, string>
  let ada: Client
  let eve: Client
  let secretOfEve = ''

  /** A client of one of the servers. */
  const clientOf = (server: 0 | 1, token: string): Client =>
    createClient({ url: servers[server].url, token, WebSocket })
  const run = (...words: string[]) => gitmsg(workspaces[1].path, words, settings)

  beforeAll(async () => {
    database = await createDatabase(postgres ?? '')
    workspaces = [await openWorkspace(), await openWorkspace()]
    remote = workspaces[0].makeRemote()
    settings = { ...ACCOUNTS, GITMSG_DATABASE_URL: database.url, GITMSG_REMOTE: remote }
    expect(run('migrate').stdout).toMatch(/^database migrated/)
    expect(run('migrate').stdout).toBe('nothing to migrate\n')
    const [first, second] = await Promise.all(workspaces.map((workspace) => workspace.start(settings)))
    servers = [first as RunningServer, second as RunningServer]
  })
  afterAll(async () => {
    for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
    await database.drop()
  })

  it('know the same people: who has signed in at one uses the token at the other', async () => {
    const at = (server: 0 | 1) => ({ path: workspaces[1].path, url: servers[server].url, settings })
    await createSession(at(0), ['ada', '--admin'])
    ada = clientOf(1, await signIn(servers[0].url, 'ada'))
    secretOfEve = await createSession(at(1), ['eve'])
    eve = clientOf(0, secretOfEve)
    expect(await ada.account()).toMatchObject({ handle: 'ada', role: 'admin' })
    expect(await eve.account()).toMatchObject({ handle: 'eve', role: 'member' })
    expect(run('account', 'list', '--json').stdout.split('\n').filter(Boolean)).toHaveLength(2)
  })

  it('hold a post on one, and publish it on the other', async () => {
    const contents = ['approved', 'approved by a command', 'rejected']
    for (const content of contents) {
      expect(await eve.post({ content, sender: 'eve' })).toMatchObject({ status: 'held' })
    }
    const held = await ada.held()
    expect(held).toMatchObject(contents.map((content) => ({ content, account: 'eve' })))
    const [one, two, three] = held.map(({ held_id }) => held_id)
    await ada.approve(one ?? 0)
    expect(run('moderation', 'approve', String(two)).stdout).toBe('message 2 posted\n')
    await ada.reject(three ?? 0)
    expect(await clientOf(0, secretOfEve).list()).toMatchObject([
      { content: contents[1] },
      { content: contents[0] },
    ])
    expect(run('moderation', 'list').stdout).toBe('')
    await until(async () => (await ada.sync()).pending === 0)
    expect(git(remote, 'log', '--format=%an %s', 'main').split('\n')).toEqual([
      'eve Message 2 from eve',
      'eve Message 1 from eve',
    ])
  })

  it('publish a post once that moderators approve on both at once', async () => {
    await eve.post({ content: 'in demand', sender: 'eve' })
    const [held] = await ada.held()
    const own = clientOf(0, await signIn(servers[1].url, 'ada'))
    const approvals = [ada, own].map((client) => client.approve(held?.held_id ?? 0))
    const outcomes = await Promise.allSettled(approvals)
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    const found = (await ada.list()).filter(({ content }) => content === 'in demand')
    expect(found).toHaveLength(1)
    expect(await ada.held()).toEqual([])
  })

  it('close the live connections of an account that is disabled on the other, and reject its tokens', async () => {
    await using live = eve.live()
    await live.ready
    await ada.changeAccount('eve', { disabled: true })
    await until(() => live.status.state === 'stopped')
    expect(live.status.error).toMatchObject({ code: 'unauthenticated' })
    await expect(eve.list()).rejects.toMatchObject({ status: 401 })
    expect((await clientOf(0, await signIn(servers[0].url, 'ada')).audit())[0]).toMatchObject({
      ...{ actor: 'ada', action: 'account.disable', target: 'eve' },
    })
  })

  it('leave accounts as they are when the messages are lost, and restored', async () => {
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0])
    await query(database.url, 'drop schema gitmsg cascade')
    expect(run('restore')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^3 messages/) })
    expect(run('account', 'list').stdout).toMatch(/^ada .*\neve .*disabled\n$/)
  })

  it('move to a file, and sign in there', async () => {
    const moved = run('move', '--to', 'sqlite', '--json')
    expect(JSON.parse(moved.stdout)).toMatchObject({ messages: 3, accounts: 2, held: 4 })
    const { GITMSG_DATABASE_URL: _, ...alone } = settings
    const server = await workspaces[1].start(alone)
    const client = createClient({ url: server.url, token: await signIn(server.url, 'ada') })
    expect(await client.list()).toHaveLength(3)
    expect(await client.accounts()).toMatchObject([{ handle: 'ada' }, { handle: 'eve', disabled: true }])
  })
})
