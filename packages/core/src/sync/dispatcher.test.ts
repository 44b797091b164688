import { setTimeout as pause } from 'node:timers/promises'
import { type BatchLimits, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Settlement, Store } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { aroundPublishing, dieAfterPublishing, reject } from '../testing/faulty-backends.js'
import { historyOf, openNode } from '../testing/open-node.js'

const withLimits = (backend: GitBackend, limits: BatchLimits): GitBackend => ({
  ...backend,
  info: { ...backend.info, limits },
})

describe('dispatchOnce()', () => {
  it('turns each message into one commit that adds its file, oldest first', async () => {
    await using node = await openNode()
    const posted = [await node.post('one'), await node.post('two'), await node.post('three')]
    expect(await node.dispatchOnce()).toBe('dispatched')

    const history = await historyOf(node.backend)
    expect(history.map(({ message }) => message.split('\n')[0])).toEqual([
      'Message 1 from alice',
      'Message 2 from alice',
      'Message 3 from alice',
    ])
    for (const [index, { path }] of posted.entries()) {
      const commit = history[index]
      expect(commit?.files.map((file) => file.path)).toContain(path)
      const message = await node.store.findMessage(index + 1)
      expect(message).toMatchObject({ git_hash: commit?.hash, is_synchronized: true })
    }
    expect(await node.dispatchOnce()).toBe('idle')
  })

  it('sends half as much after a timeout, until it gets through, and quarantines nothing', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const sizes: number[] = []
    await using node = await openNode({
      wrap: (backend) => ({
        ...backend,
        async prepare(request, options) {
          const prepared = await backend.prepare(request, options)
          return {
            ...prepared,
            async publish(options) {
              sizes.push(request.commits.length)
              if (request.commits.length <= 3) return prepared.publish(options)
              vi.advanceTimersByTime(60_000)
              throw new GitSyncError(
                'unavailable',
                'git push was killed: git produced no output for 60000 ms',
              )
            },
          }
        },
      }),
    })
    for (let number = 1; number <= 16; number += 1) await node.post(`message ${number}`)
    for (const _ of [1, 2, 3])
      await expect(node.dispatchOnce()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await node.dispatchOnce()).toBe('more')
    expect(sizes).toEqual([16, 8, 4, 2])
    expect(await historyOf(node.backend)).toHaveLength(2)
  })

  it('declares the format with the first message, and only then', async () => {
    await using node = await openNode()
    await node.post('one')
    await node.dispatchOnce()
    await node.post('two')
    await node.dispatchOnce()
    const files = (await historyOf(node.backend)).map((commit) => commit.files.map(({ path }) => path))
    expect(files).toEqual([['.gitmsg/format.json', expect.any(String)], [expect.any(String)]])
  })

  it('puts several messages into one commit if the backend allows several files per commit', async () => {
    await using node = await openNode({
      wrap: (backend) => withLimits(backend, { commits: 2, filesPerCommit: 3, bytes: 1_000_000 }),
    })
    for (let number = 1; number <= 8; number += 1) await node.post(`message ${number}`)
    await node.dispatchOnce()
    await node.dispatchOnce()
    const history = await historyOf(node.backend)
    expect(
      history.map(({ files }) => files.filter(({ path }) => path.startsWith('messages/')).length),
    ).toEqual([3, 3, 2])
    const hashes = (await node.store.listMessages()).map(({ git_hash }) => git_hash).reverse()
    expect(hashes).toEqual([0, 0, 0, 1, 1, 1, 2, 2].map((commit) => history[commit]?.hash))
  })

  it('puts the versions of one message into commits of their own', async () => {
    await using node = await openNode({
      wrap: (backend) => withLimits(backend, { commits: 9, filesPerCommit: 5, bytes: 1_000_000 }),
    })
    const { uid } = await node.post('one')
    await node.post('other')
    await node.edit(uid, { content: 'two' })
    await node.edit(uid, { content: 'three' })
    await node.post('last')
    await node.dispatchOnce()
    const history = await historyOf(node.backend)
    expect(history.map(({ message }) => message.split('\n')[0])).toEqual([
      'Back up 2 messages',
      'Edit message 1 from alice',
      'Back up 2 changes',
    ])
    const versions = await node.store.listVersions(uid)
    expect(versions.map(({ git_hash }) => git_hash)).toEqual(history.map(({ hash }) => hash).reverse())
  })

  it('quarantines the version that is rejected, and publishes the one that follows it', async () => {
    const count = { faults: 0 }
    await using node = await openNode({
      wrap: (backend) => reject(backend, (text) => text.includes('secret'), count),
    })
    const { uid } = await node.post('the secret')
    await node.post('other')
    while ((await node.dispatchOnce()) !== 'idle');
    expect(await node.store.summary()).toMatchObject({ pending: 0, quarantined: 1 })
    await node.edit(uid, { content: 'harmless' })
    await node.dispatchOnce()
    expect(await node.store.summary()).toMatchObject({ pending: 0, quarantined: 0 })
    expect((await node.store.listVersions(uid)).map(({ content }) => content)).toEqual(['harmless'])
    expect(count.faults).toBeGreaterThan(0)
  })

  it.each([
    { filesPerCommit: 1, commits: 3_000 },
    { filesPerCommit: 7, commits: 400 },
  ])(
    'settles a large batch part by part, with the cursor always on a commit: $filesPerCommit a commit',
    async (limits) => {
      const settlements: Settlement[] = []
      const real = await openTemporaryStore()
      const store: Store = {
        ...real,
        async settle(settlement) {
          settlements.push(settlement)
          return real.settle(settlement)
        },
      }
      await using node = await openNode({
        store,
        wrap: (backend) => withLimits(backend, { ...limits, bytes: 100_000_000 }),
      })
      await Promise.all(Array.from({ length: 2_500 }, (_, number) => node.post(`message ${number}`)))
      expect(await node.dispatchOnce()).toBe('dispatched')

      expect(settlements.length).toBeGreaterThan(2)
      for (const { published, cursor } of settlements) {
        expect(published?.at(-1)?.git_hash).toBe(cursor.commit)
      }
      const hashes = new Map(
        (await historyOf(node.backend)).flatMap(({ hash, files }) => files.map(({ path }) => [path, hash])),
      )
      const messages = await node.store.listMessages({ limit: 1_000, after: 0 })
      for (const { path, git_hash } of messages) expect(git_hash).toBe(hashes.get(path))
      expect(await node.store.summary()).toMatchObject({ pending: 0 })
    },
  )

  it('stays within the byte limit of a request, but always carries one change', async () => {
    await using node = await openNode({
      wrap: (backend) => withLimits(backend, { commits: 100, filesPerCommit: 1, bytes: 1_000 }),
    })
    for (const length of [2_000, 300, 300, 300]) await node.post('x'.repeat(length))
    const counts: number[] = []
    while ((await node.dispatchOnce()) !== 'idle') counts.push((await historyOf(node.backend)).length)
    expect(counts).toEqual([1, 2, 3, 4])
  })

  it('prepares the next commits while the last ones are published, each once and on top of them', async () => {
    const parents: (string | null)[] = []
    let publishing = 0
    let whilePublishing = 0
    await using node = await openNode({
      wrap(memory) {
        const backend = aroundPublishing(memory, async (publish) => {
          publishing += 1
          await pause(50)
          publishing -= 1
          return publish()
        })
        const prepare: GitBackend['prepare'] = async (request, options) => {
          parents.push(request.parent)
          const prepared = await backend.prepare(request, options)
          whilePublishing += publishing
          return prepared
        }
        return withLimits({ ...backend, prepare }, { commits: 10, filesPerCommit: 1, bytes: 1_000_000 })
      },
    })
    for (let number = 1; number <= 25; number += 1) await node.post(`message ${number}`)
    const outcomes = [await node.dispatchOnce(), await node.dispatchOnce(), await node.dispatchOnce()]

    expect(outcomes).toEqual(['more', 'more', 'dispatched'])
    const history = (await historyOf(node.backend)).map(({ hash }) => hash)
    expect(history).toHaveLength(25)
    expect(parents).toEqual([null, history[9], history[19]])
    expect(whilePublishing).toBe(2)
    expect(await node.store.summary()).toMatchObject({ pending: 0 })
  })

  it('discards prepared commits if the branch has moved', async () => {
    const limits = { commits: 2, filesPerCommit: 1, bytes: 1_000_000 }
    await using one = await openNode({
      wrap: (backend) => withLimits(backend, limits),
    })
    await using other = await openNode({ repository: one.repository })
    for (const content of ['1', '2', '3', '4']) await one.post(content)
    expect(await one.dispatchOnce()).toBe('more')
    await other.post('in between', { sender: 'bob' })
    await other.importOnce()
    await other.dispatchOnce()

    await expect(one.dispatchOnce()).rejects.toMatchObject({ code: 'stale-head' })
    await one.importOnce()
    while ((await one.dispatchOnce()) !== 'idle');
    const subjects = (await historyOf(one.backend)).map(({ message }) => message.split('\n', 1)[0])
    expect(subjects.map((subject) => subject?.replace('Message ', ''))).toEqual([
      '1 from alice',
      '2 from alice',
      '1 from bob',
      '3 from alice',
      '4 from alice',
    ])
    expect(new Set(await one.contents())).toEqual(new Set(['1', '2', 'in between', '3', '4']))
  })

  it('dispatches a backlog to a backend that gains nothing from preparing ahead', async () => {
    const limits = { commits: 2, filesPerCommit: 1, bytes: 1_000_000 }
    await using node = await openNode({
      wrap: (backend) => ({ ...backend, info: { ...backend.info, limits, preparesAhead: false } }),
    })
    for (const content of ['1', '2', '3']) await node.post(content)
    expect([await node.dispatchOnce(), await node.dispatchOnce()]).toEqual(['more', 'dispatched'])
    expect(await historyOf(node.backend)).toHaveLength(3)
  })

  it('reads a long backlog in parts, each in a turn of its own', async () => {
    await using node = await openNode()
    for (let number = 0; number < 45; number += 1) await node.post('x')
    const { oldestChanges } = node.store
    const reads: number[] = []
    let waiting = 0
    node.store.oldestChanges = (limit, after) => {
      reads.push(limit)
      waiting += 1
      setImmediate(() => {
        waiting -= 1
      })
      expect(waiting).toBe(1)
      return oldestChanges(limit, after)
    }
    expect(await node.dispatchOnce()).toBe('dispatched')
    expect(reads).toEqual([20, 20, 20])
    expect(await node.store.summary()).toMatchObject({ pending: 0 })
  })

  it('settles nothing when the branch has moved', async () => {
    await using one = await openNode()
    await using other = await openNode({ repository: one.repository })
    await one.post('from one')
    await one.dispatchOnce()
    await other.post('from the other')
    await expect(other.dispatchOnce()).rejects.toMatchObject({ code: 'stale-head' })
    expect(await other.store.findMessage(1)).toMatchObject({ is_synchronized: false, git_hash: null })
  })

  it('does not send a message twice if the process dies between publish and settle', async () => {
    const count = { faults: 0 }
    await using node = await openNode({
      wrap: (backend) => dieAfterPublishing(backend, count),
    })
    await node.post('once')
    await expect(node.dispatchOnce()).rejects.toMatchObject({ code: 'unknown-outcome' })
    expect(count.faults).toBe(1)

    await node.importOnce() // finds our own message on the branch and settles it
    expect(await node.dispatchOnce()).toBe('idle')
    expect(await historyOf(node.backend)).toHaveLength(1)
  })
})

describe('a change that the remote will never accept', () => {
  // Covers IN-37
  it('is quarantined with its reason, and does not hold back others', async () => {
    const count = { faults: 0 }
    await using node = await openNode({
      wrap: (backend) => reject(backend, (content) => content.includes('POISON'), count),
    })
    for (let number = 1; number <= 20; number += 1)
      await node.post(number === 13 ? 'POISON' : `message ${number}`)
    while ((await node.dispatchOnce()) !== 'idle');

    expect(count.faults).toBeGreaterThan(0)
    const [quarantined, ...more] = await node.store.quarantinedChanges()
    expect(more).toEqual([])
    expect(quarantined).toMatchObject({ message: { id: 13 }, reason: 'pre-receive hook declined' })
    expect(await node.store.listMessages({ synchronized: false })).toHaveLength(1)
    expect(await historyOf(node.backend)).toHaveLength(19)
  })

  it('is not blamed if the remote rejects everything', async () => {
    await using node = await openNode({ wrap: (backend) => reject(backend, () => true) })
    for (let number = 1; number <= 5; number += 1) await node.post(`message ${number}`)
    await expect(node.dispatchOnce()).rejects.toMatchObject({ code: 'rejected' })
    expect(await node.store.summary()).toMatchObject({ pending: 5, quarantined: 0 })
  })
})
