import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEngine } from '../engine.js'
import { historyOf, openNode } from '../testing/open-node.js'

/** An engine on a real repository, with a clock of its own: its commits have the same hashes every time. */
async function openRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'format-'))
  const directory = join(folder, 'repository.git')
  const backend = createLocalBackend({ directory })
  const store = await openTemporaryStore()
  let time = Date.UTC(2025, 0, 9)
  let uids = 0
  const engine = createEngine({
    store,
    backend,
    clock: () => {
      time += 1_000
      return time
    },
    createUid: () => {
      uids += 1
      return `0193a5c2-7b1e-7000-8000-${String(uids).padStart(12, '0')}`
    },
  })
  onTestFinished(async () => {
    await engine.close()
    await backend.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  const git = (...command: string[]) =>
    execFileSync('git', ['-C', directory, ...command], { encoding: 'utf8' }).trimEnd()
  return { engine, git }
}

describe('the repository', () => {
  it('has the commits of format version 1, hash for hash, as long as there are only plain messages', async () => {
    const { engine, git } = await openRepository()
    await engine.post({ content: 'Hello, Git', sender: 'alice' })
    await engine.post({
      content: 'Grüße\n👋 "quoted"',
      sender: 'Bob <bob>',
      timestamp: '2024-12-31T23:59:59Z',
    })
    await engine.post({ content: '@all [skip ci] #1', sender: '@octocat' })
    await engine.sync()
    // Made by the release before format version 2.
    expect(git('log', '--format=%H', 'main').split('\n')).toEqual([
      'ca52091d53cea53dd9418e2a8b3b4d654a759a5f',
      '754a9d5a35eedd2232a20d7a61bf6426855a68ae',
      '9ee391eb31716a4df58355422edc19e2c5cc075d',
    ])
    expect(git('show', 'main:.gitmsg/format.json')).toBe('{"format":"gitmsg","version":1}')
  })

  it('shows the history of a message, its topic and its replies to plain git', async () => {
    const { engine, git } = await openRepository()
    const first = await engine.post({ content: 'one', sender: 'alice', topic: 'deploys' })
    await engine.post({ content: 'reply', sender: 'bob', reply_to: first.id })
    await engine.edit(first.id, { content: 'two', format: 'markdown' }, { updatedBy: 'carol' })
    await engine.post({ content: 'plain', sender: 'bob' })
    await engine.sync()
    await engine.remove(first.id)
    await engine.sync()

    expect(git('log', '--format=%s|%an', '--', first.path).split('\n')).toEqual([
      'Delete message 1 from alice|alice',
      'Edit message 1 from alice|carol',
      'Message 1 from alice|alice',
    ])
    expect(git('log', '--format=%s', '--grep', '^Topic: deploys$').split('\n')).toEqual([
      'Message 2 from bob',
      'Message 1 from alice',
    ])
    expect(git('log', '--format=%s', '--grep', `In-Reply-To: ${first.uid}`)).toBe('Message 2 from bob')
    expect(git('log', '-1', '--format=%b', '--grep', '^Edit message')).toBe(
      `Message-Id: ${first.uid}\nVersion: 2\nSender: alice\nChanged-By: carol`,
    )
    expect(git('log', '-1', '--format=%aI %cI', '--grep', '^Edit message')).toMatch(/^(\S+) \1$/)
    expect(JSON.parse(git('show', `main:${first.path}`))).toEqual({
      uid: first.uid,
      id: 1,
      version: 3,
      sender: 'alice',
      topic: 'deploys',
      deleted: true,
      timestamp: first.timestamp,
      created_at: first.created_at,
      updated_at: expect.any(String),
    })
    expect(git('show', 'main:.gitmsg/format.json')).toBe('{"format":"gitmsg","version":2}')
  })
})

describe('the format of a branch', () => {
  const formatsOf = async (node: Awaited<ReturnType<typeof openNode>>) =>
    (await historyOf(node.backend)).flatMap(({ files }, index) =>
      files.flatMap(({ path, content }) =>
        path === '.gitmsg/format.json'
          ? [`${index} ${JSON.parse(Buffer.from(content ?? []).toString()).version}`]
          : [],
      ),
    )
  const bytesToText = (repository: ReturnType<typeof createMemoryRepository>) =>
    Buffer.from(repository.branches.get('main')?.tree.get('.gitmsg/format.json') ?? []).toString()

  it('is raised by the first change that needs it, and no file is rewritten', async () => {
    await using node = await openNode()
    const { uid } = await node.post('one')
    await node.post('two')
    await node.dispatchOnce()
    await node.edit(uid, { content: 'edited' })
    await node.post('three')
    await node.dispatchOnce()
    expect((await formatsOf(node)).map((line) => line.slice(-1))).toEqual(['1', '2'])
    expect((await historyOf(node.backend)).map(({ files }) => files.length)).toEqual([2, 1, 2, 1])
    expect(await node.store.cursor()).toMatchObject({ format: 2 })
  })

  it('begins at version 2 if the first change needs it', async () => {
    await using node = await openNode()
    await node.post('one', { topic: 'deploys' })
    await node.dispatchOnce()
    expect(bytesToText(node.repository)).toBe('{"format":"gitmsg","version":2}\n')
  })

  it('blocks a server that is held at version 1, which loses nothing and goes on once it is not', async () => {
    const repository = createMemoryRepository()
    await using newer = await openNode({ repository })
    await using older = await openNode({ repository, formatVersion: 1 })
    await older.post('from the older')
    await older.dispatchOnce()
    await newer.importOnce()
    await newer.edit(1, { content: 'edited' })
    await newer.dispatchOnce()
    await older.post('still accepted')
    const cursor = await older.store.cursor()
    await expect(older.importOnce()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/format version 2; this server is held at version 1/),
    })
    expect(await older.store.cursor()).toEqual(cursor)

    await using upgraded = await openNode({ repository, store: older.store })
    await upgraded.importOnce()
    await upgraded.dispatchOnce()
    expect(await upgraded.contents()).toEqual(['edited', 'still accepted'])
    expect(await upgraded.store.summary()).toMatchObject({ pending: 0 })
  })

  it('blocks a server that is held at version 1 after it used version 2', async () => {
    await using node = await openNode()
    await node.post('one', { topic: 'deploys' })
    await node.dispatchOnce()
    await using held = await openNode({ repository: node.repository, store: node.store, formatVersion: 1 })
    await expect(held.importOnce()).rejects.toMatchObject({ code: 'misconfigured' })
    await node.importOnce()
  })

  it('blocks a server that is held at version 1 while a change that needs version 2 is pending', async () => {
    await using node = await openNode()
    await node.post('one', { topic: 'deploys' })
    await using held = await openNode({ repository: node.repository, store: node.store, formatVersion: 1 })
    await expect(held.dispatchOnce()).rejects.toMatchObject({ code: 'misconfigured' })
    expect(await historyOf(node.backend)).toEqual([])
  })
})
