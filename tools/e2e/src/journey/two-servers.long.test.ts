import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { openGithub } from '../testing/servers/github.js'
import { git, openWorkspace } from '../testing/workspace.js'

describe('two servers on one remote', () => {
  it('exchange their messages and lose none', async () => {
    await using one = await openWorkspace()
    await using other = await openWorkspace()
    const remote = one.makeRemote()
    const clients = await Promise.all(
      [one, other].map(async (workspace) =>
        createClient((await workspace.start({ GITMSG_REMOTE: remote })).url),
      ),
    )
    const posts = clients.flatMap((client, server) =>
      Array.from({ length: 25 }, (_, number) => client.post(`server ${server}, message ${number}`)),
    )
    await Promise.all(posts)
    await until(async () => {
      const statuses = await Promise.all(clients.map((client) => client.sync()))
      const lists = await Promise.all(clients.map((client) => client.list('?limit=1000&synchronized=true')))
      return statuses.every(({ pending }) => pending === 0) && lists.every(({ length }) => length === 50)
    })
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('50')
    expect(git(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
  })
})

describe('two servers on one GitHub repository', () => {
  it('exchange their messages and lose none', async () => {
    await using one = await openWorkspace()
    await using other = await openWorkspace()
    await using fake = await openGithub()
    const clients = await Promise.all(
      [one, other].map(async (workspace) => createClient((await workspace.start(fake.settings)).url)),
    )
    const posts = clients.flatMap((client, server) =>
      Array.from({ length: 25 }, (_, number) => client.post(`server ${server}, message ${number}`)),
    )
    await Promise.all(posts)
    await until(async () => {
      const statuses = await Promise.all(clients.map((client) => client.sync()))
      const lists = await Promise.all(clients.map((client) => client.list('?limit=1000&synchronized=true')))
      return statuses.every(({ pending }) => pending === 0) && lists.every(({ length }) => length === 50)
    })
    const files = git(fake.github.directory, 'ls-tree', '-r', '--name-only', 'main', 'messages')
    expect(files.split('\n')).toHaveLength(50)
    expect(git(fake.github.directory, 'rev-list', '--count', '--merges', 'main')).toBe('0')
    expect(git(fake.github.directory, 'fsck', '--strict', '--no-dangling')).toBe('')
  })
})
