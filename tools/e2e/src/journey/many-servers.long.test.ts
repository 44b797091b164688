import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { findPostgres, query, startCuttingProxy } from '@gitmsg/test-postgres'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg, startScript } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { openCluster } from '../testing/servers/cluster.js'
import { git } from '../testing/workspace.js'

const postgres = await findPostgres()
describe.skipIf(postgres === null)('servers on one PostgreSQL', () => {
  it('list the same messages, tell each other, and one takes over when the other is killed', async () => {
    await using cluster = await openCluster(postgres)
    const { one, other, remote, settings } = cluster
    const first = await one.start(settings)
    const firstClient = createClient(first.url)
    await firstClient.post('message 0')
    await until(async () => (await firstClient.sync()).pending === 0) // so it is the one that synchronizes
    const second = await other.start(settings)
    const clients = [firstClient, createClient(second.url)] as const
    using following = startScript(
      other.path,
      `gitmsg follow --since 2020-01-01T00:00:00Z --json --url ${second.url}`,
    )
    await until(() => following.values().length > 0)

    await Promise.all(
      Array.from({ length: 40 }, (_, index) => clients[index % 2]?.post(`message ${index + 1}`)),
    )
    const lists = await Promise.all(clients.map((client) => client.list('?limit=1000')))
    expect(lists.map((list) => list.map(({ id }) => id))).toEqual([ids(41), ids(41)])
    await until(() => new Set(following.values().map(({ uid }) => uid)).size === 41)
    await until(async () => (await clients[1].list('?limit=1000&synchronized=true')).length === 41)

    await first.stop('SIGKILL')
    await clients[1].post('to the survivor')
    await until(async () => (await clients[1].list('?limit=1000&synchronized=true')).length === 42, 40_000)
    const subjects = git(remote, 'log', '--format=%s', 'main').split('\n')
    expect(subjects.toSorted()).toEqual(
      ids(42)
        .map((id) => `Message ${id} from alice`)
        .toSorted(),
    )
    expect(git(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
    await second.stop()
    const taken = git(join(other.path, 'data/repository.git'), 'log', '--format=%s', 'main')
    expect(taken).toContain('Message 42 ')
    expect(taken).not.toContain('Message 1 ')
    expect(gitmsg(other.path, ['verify'], settings)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^42 messages, 42 commits, 0 pending/),
    })
  })
})

it.skipIf(postgres === null)('a server outlives its PostgreSQL, and ends in order without it', async () => {
  await using cluster = await openCluster(postgres)
  const { one, settings, url } = cluster
  await using proxy = await startCuttingProxy(url)
  const server = await one.start({ ...settings, GITMSG_DATABASE_URL: proxy.url })
  const client = createClient(server.url)
  await client.post('before')
  proxy.disconnect()
  expect(await (await client.call('/readyz')).json()).toMatchObject({
    error: { code: 'storage_unavailable' },
  })
  await until(() => server.output().includes('"code":"database-unavailable"'))
  expect((await client.call('/healthz')).status).toBe(200)
  proxy.reconnect()
  await until(async () => (await client.call('/readyz')).status === 200)
  await client.post('after')
  await until(async () => (await client.list('?synchronized=true')).length === 2, 70_000)
  proxy.disconnect()
  expect(await server.stop()).toBe(0)
  expect(server.output()).not.toContain(new URL(url).password)
})

it.skipIf(postgres === null)(
  'a server ends in order once a newer version has migrated the database',
  async () => {
    await using cluster = await openCluster(postgres)
    const { one, settings, url } = cluster
    const off = { ...settings, GITMSG_DATABASE_MIGRATE: 'off' }
    expect(gitmsg(one.path, ['serve'], off)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('run gitmsg migrate'),
    })
    expect(gitmsg(one.path, ['migrate'], off).stdout).toMatch(/^database migrated in \d+ ms\n$/)
    expect(gitmsg(one.path, ['migrate', '--json'], off).stdout).toMatch(/^\{"migrated":false,/)
    const server = await one.start(off)
    const exit = once(server.process, 'exit')
    await createClient(server.url).post('hello')
    await query(url, "insert into gitmsg.schema_version values ('9999_later', now())")
    expect(await exit).toEqual([1, null])
    expect(server.output()).toMatch(/"reason":"a newer version of gitmsg has migrated.*"msg":"shutting down"/)
    expect(server.output()).toMatch(/"pending":0,"msg":"stopped"/)
    expect(server.output()).toContain(
      'gitmsg: a newer version of gitmsg has migrated the database: install it',
    )
  },
)

describe.skipIf(postgres === null)('the commands on PostgreSQL', () => {
  it('sync, status, restore, quarantine and purge work on the shared database', async () => {
    await using cluster = await openCluster(postgres)
    const { one, other, settings, url } = cluster
    expect(gitmsg(one.path, ['status'], settings)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the database has no tables yet'),
    })
    const server = await one.start(settings)
    const client = createClient(server.url)
    for (const text of ['one', 'two', 'secret']) await client.post(text)
    await until(async () => (await client.sync()).pending === 0)
    expect(await startScript(other.path, 'gitmsg verify', settings).exit).toBe(0) // beside the server
    const [deleted] = await client.list('?limit=1')
    await client.call(`/messages/${deleted?.uid}`, { method: 'DELETE' })
    await until(async () => (await client.sync()).pending === 0)
    const purging = startScript(other.path, `gitmsg purge ${deleted?.uid} --force`, settings)
    expect(await purging.exit).toBe(1)
    expect(purging.errors()).toContain('a server synchronizes this database')
    await server.stop()

    expect(gitmsg(other.path, ['purge', String(deleted?.uid), '--force'], settings)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Erased: 1 message;[\s\S]*standbys/),
    })
    expect(gitmsg(other.path, ['sync'], settings).status).toBe(0)
    expect(gitmsg(other.path, ['status', '--json'], settings).stdout).toContain('"pending":0')
    expect(gitmsg(other.path, ['quarantine', 'list'], settings)).toMatchObject({ status: 0, stdout: '' })
    expect(gitmsg(other.path, ['verify'], settings).status).toBe(0)

    await query(url, 'drop schema gitmsg cascade')
    expect(gitmsg(other.path, ['restore'], settings)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^3 messages/), // with the tombstone,
    })
    expect(gitmsg(other.path, ['verify'], settings).status).toBe(0)
  })

  it('move takes a database to PostgreSQL and back, as verify confirms', async () => {
    await using cluster = await openCluster(postgres)
    const { one, settings, url, remote } = cluster
    const alone = { GITMSG_REMOTE: remote }
    const server = await one.start(alone)
    const client = createClient(server.url)
    for (let number = 1; number <= 30; number += 1) await client.post(`message ${number}`)
    await until(async () => (await client.sync()).pending === 0)
    const running = startScript(one.path, 'gitmsg move --to "$TO"', { ...alone, TO: url })
    expect(await running.exit).toBe(1)
    expect(running.errors()).toContain('a server synchronizes one of the databases')
    const before = await client.list('?limit=100')
    await server.stop()

    expect(gitmsg(one.path, ['move'], alone).status).toBe(78)
    expect(gitmsg(one.path, ['move', '--to', 'mysql://u:hunter2@h/d'], alone)).toMatchObject({
      status: 78,
      stderr: expect.not.stringContaining('hunter2'),
    })
    expect(gitmsg(one.path, ['move', '--from', 'sqlite'], settings)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^30 messages, 0 earlier versions and 0 changes[\s\S]*gitmsg verify/),
    })
    expect(gitmsg(one.path, ['verify'], settings).status).toBe(0)
    const moved = await one.start(settings)
    expect(await createClient(moved.url).list('?limit=100')).toEqual(before)
    expect(await createClient(moved.url).post('on PostgreSQL')).toBe(31)
    await until(async () => (await createClient(moved.url).sync()).pending === 0)
    await moved.stop()

    expect(gitmsg(one.path, ['move', '--to', 'sqlite'], settings)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the database to copy to has messages'),
    })
    renameSync(join(one.path, 'data/gitmsg.db'), join(one.path, 'data/old.db'))
    expect(gitmsg(one.path, ['move', '--to', url], alone).stderr).toContain('no database at')
    const back = gitmsg(one.path, ['move', '--to', 'sqlite', '--json'], settings)
    expect(JSON.parse(back.stdout)).toMatchObject({ messages: 31, changes: 0, idempotency_keys: 0 })
    expect(gitmsg(one.path, ['verify'], alone).status).toBe(0)
  })
})

/** The ids of this many messages, newest first. */
const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index)
