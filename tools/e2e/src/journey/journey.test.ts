import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

const HASH = /^[0-9a-f]{40}$/

describe('a posted message', () => {
  it('is in a commit of the local repository within two seconds of the response', async () => {
    await using workspace = await openWorkspace()
    const client = createClient((await workspace.start()).url)
    const id = await client.post('Message content', 'username')
    const [message] = await until(async () => {
      const messages = await client.list()
      return messages[0]?.is_synchronized && messages
    }, 2_000)

    expect(Object.keys(message ?? {})).toEqual([
      ...[
        'id',
        'uid',
        'content',
        'sender',
        'timestamp',
        'git_hash',
        'is_synchronized',
        'created_at',
        'updated_at',
      ],
    ])
    expect(message).toMatchObject({
      id,
      content: 'Message content',
      sender: 'username',
      git_hash: expect.stringMatching(HASH),
    })
    const repository = join(workspace.path, 'data/repository.git')
    expect(git(repository, 'log', '-1', '--format=%H %an %cn %s', 'main')).toBe(
      `${message?.git_hash} username gitmsg Message 1 from username`,
    )
    expect(git(repository, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  it('reaches a remote, of which a clone has its file at its path with its bytes', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const client = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    await client.post('hello "world" 👋\n', 'Zoë')
    expect(await client.sync()).toMatchObject({ pending: 0, state: 'idle', last_error: null })

    const [message] = await client.list()
    git(workspace.path, 'clone', '--quiet', remote, 'clone')
    const file = join(workspace.path, `clone/messages/00/00/00/${message?.uid}.json`)
    const { uid, id, sender, content, timestamp, created_at, updated_at } = message ?? {}
    const expected = { uid, id, sender, content, timestamp, created_at, updated_at }
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(expected, null, 2)}\n`)
    expect(readFileSync(join(workspace.path, 'clone/.gitmsg/format.json'), 'utf8')).toBe(
      '{"format":"gitmsg","version":1}\n',
    )
    expect(git(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
    const trailers = git(remote, 'log', '-1', '--format=%(trailers:only)', 'main')
    expect(trailers.trim().split('\n')).toEqual([`Message-Id: ${uid}`, 'Sender: Zoë'])
  })

  it('reaches a remote that is added later', async () => {
    await using workspace = await openWorkspace()
    const first = await workspace.start()
    await createClient(first.url).post('before')
    await createClient(first.url).sync()
    const hash = git(join(workspace.path, 'data/repository.git'), 'rev-parse', 'main')
    expect(await first.stop()).toBe(0)

    const remote = workspace.makeRemote()
    const client = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    expect(await client.sync()).toMatchObject({ pending: 0, last_error: null })
    expect(git(remote, 'rev-parse', 'main')).toBe(hash)
  })
})

describe('300 messages from 8 concurrent clients', () => {
  it('become 300 files in 300 commits without merges, each in the commit that the API names', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const client = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    const numbers = Array.from({ length: 300 }, (_, number) => number)
    await Promise.all(
      Array.from({ length: 8 }, async (_, sender) => {
        for (const number of numbers.filter((number) => number % 8 === sender)) {
          await client.post(`message ${number}`, `client-${sender}`)
        }
      }),
    )
    await until(async () => (await client.sync()).pending === 0)

    const messages = await client.list('?limit=1000')
    expect(new Set(messages.map(({ content }) => content))).toEqual(
      new Set(numbers.map((number) => `message ${number}`)),
    )
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('300')
    expect(git(remote, 'rev-list', '--count', '--merges', 'main')).toBe('0')
    expect(git(remote, 'ls-tree', '-r', '--name-only', 'main', 'messages').split('\n')).toHaveLength(300)
    expect(git(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
    const added = new Map(
      git(remote, 'log', '--format=%x00%H', '--diff-filter=A', '--name-only', 'main', '--', 'messages')
        .split('\0')
        .slice(1)
        .map((entry) => entry.trim().split('\n\n') as [string, string]),
    )
    for (const { git_hash, uid } of messages) expect(added.get(git_hash ?? '')).toMatch(`/${uid}.json`)
  })
})
