import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it } from 'vitest'
import { assembleEngine } from '../engine.js'
import type { MessageFile } from '../format/message-file.js'
import { createSynchronizer } from '../sync/synchronizer.js'
import { commitByHand, fileOf, messageOfAnother } from '../testing/drafts.js'
import { everythingIn, openNode } from '../testing/open-node.js'
import { rewriteBranch } from '../testing/rewrite-branch.js'
import { verify } from '../verify/verify.js'
import { restore } from './restore.js'

type Node = Awaited<ReturnType<typeof openNode>>

/** Imports, then publishes all that is pending. */
async function synchronize(...nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) {
    await node.importOnce()
    while ((await node.dispatchOnce()) === 'more');
  }
}

/** Two servers that share a message. */
async function openPair() {
  const one = await openNode()
  const other = await openNode({ repository: one.repository })
  const { uid } = await one.post('original')
  await synchronize(one, other)
  async function close() {
    await one.store.close()
    await other.store.close()
  }
  return { one, other, uid, [Symbol.asyncDispose]: close }
}

const textsOf = async (node: Node, uid: string) =>
  (await node.store.listVersions(uid)).map(({ version, content }) => `${version} ${content}`)

describe('importOnce() of versions', () => {
  it('takes an edit that another server made, and keeps the version before', async () => {
    await using pair = await openPair()
    await pair.other.edit(pair.uid, { content: 'edited' })
    await synchronize(pair.other)
    expect(await pair.one.importOnce()).toMatchObject({ imported: 0, changed: 1, skipped: 0 })
    expect(await textsOf(pair.one, pair.uid)).toEqual(['2 edited', '1 original'])
    expect(await pair.one.store.findMessage(pair.uid)).toMatchObject({ is_synchronized: true })
  })

  it('lets the edit win that is committed last, and keeps the other one in the history', async () => {
    await using pair = await openPair()
    await pair.one.edit(pair.uid, { content: 'by one' })
    await pair.other.edit(pair.uid, { content: 'by the other' })
    await synchronize(pair.one, pair.other, pair.one)
    for (const node of [pair.one, pair.other]) {
      expect(await textsOf(node, pair.uid)).toEqual(['3 by the other', '2 by one', '1 original'])
      expect(await verify(node)).toMatchObject({ equal: true, pending: 0 })
    }
    expect(await everythingIn(pair.one.store)).toEqual(await everythingIn(pair.other.store))
  })

  it('lets a deletion win over edits that are not published yet', async () => {
    await using pair = await openPair()
    await pair.one.remove(pair.uid)
    await pair.other.edit(pair.uid, { content: 'too late' })
    await synchronize(pair.one, pair.other, pair.one)
    for (const node of [pair.one, pair.other]) {
      expect(await node.store.findMessage(pair.uid)).toMatchObject({ content: '', version: 2 })
      expect(await node.store.summary()).toMatchObject({ pending: 0 })
      expect(await verify(node)).toMatchObject({ equal: true })
    }
  })

  it('settles versions that were published before their server died, and drops none', async () => {
    await using pair = await openPair()
    const { one } = pair
    await one.edit(pair.uid, { content: 'two' })
    await one.edit(pair.uid, { content: 'three' })
    const died = { ...one.store, settle: () => Promise.reject(new Error('died')) }
    await using dying = await openNode({ repository: one.repository, store: died })
    await expect(dying.dispatchOnce()).rejects.toThrow('died')
    await synchronize(one)
    expect(await textsOf(one, pair.uid)).toEqual(['3 three', '2 two', '1 original'])
    expect(await verify(one)).toMatchObject({ equal: true, commits: 3 })
  })

  const original = messageOfAnother({ content: 'original' })
  const edit = (fields: Partial<MessageFile>) => ({ ...original, version: 2, ...fields })
  it.each([
    ['another sender', edit({ sender: 'eve' })],
    ['another time', edit({ timestamp: '2024-01-01T00:00:00.000Z' })],
    ['another parent', edit({ reply_to: original.uid })],
    ['a format that it cannot get', edit({ format: 'reaction', content: '👍', reply_to: original.uid })],
    ['other text under the same version', { ...original, content: 'tampered' }],
  ])('reports a version with %s as a conflict, and does not take it', async (_, version) => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    await commitByHand(repository, fileOf(original))
    await node.importOnce()
    await commitByHand(repository, fileOf(version))
    expect(await node.importOnce()).toMatchObject({ changed: 0, conflicts: 1 })
    expect(await textsOf(node, original.uid)).toEqual(['1 original'])
    expect((await verify(node)).equal).toBe(false)
  })

  it('reports a version that was taken back, and one after a tombstone', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const tombstone = edit({ version: 3, content: '', deleted_at: original.updated_at })
    for (const [version, expected] of [
      [original, { imported: 1, conflicts: 0 }],
      [edit({ content: 'two' }), { changed: 1, conflicts: 0 }],
      [original, { changed: 0, conflicts: 1 }],
      [tombstone, { changed: 1, conflicts: 0 }],
      [edit({ version: 4, content: 'risen' }), { changed: 0, conflicts: 1 }],
    ] as const) {
      await commitByHand(repository, fileOf(version))
      expect(await node.importOnce()).toMatchObject(expected)
    }
    expect(await node.store.findMessage(original.uid)).toMatchObject({ version: 3, content: '' })
  })

  it('reads everything again without a conflict', async () => {
    await using pair = await openPair()
    await pair.one.edit(pair.uid, { content: 'two' })
    await synchronize(pair.one)
    await pair.one.edit(pair.uid, { content: 'three' })
    await pair.one.post('deleted later')
    await synchronize(pair.one)
    await pair.one.remove(2)
    await synchronize(pair.one)
    const before = await everythingIn(pair.one.store)
    await pair.one.store.settle({ cursor: { commit: null, format: null } })
    expect(await pair.one.importOnce()).toMatchObject({ imported: 0, changed: 0, settled: 0, conflicts: 0 })
    expect(await everythingIn(pair.one.store)).toEqual(before)
  })

  it('puts all versions back, hash for hash, after the branch was lost', async () => {
    await using pair = await openPair()
    await pair.one.edit(pair.uid, { content: 'two' })
    await pair.one.post('between')
    await synchronize(pair.one)
    await pair.one.edit(pair.uid, { content: 'three' })
    await synchronize(pair.one)
    const before = await everythingIn(pair.one.store)
    rewriteBranch(pair.one.repository, () => null)
    await synchronize(pair.one)
    expect(await everythingIn(pair.one.store)).toEqual(before)
    expect(await verify(pair.one)).toMatchObject({ equal: true })
    expect(await textsOf(pair.one, pair.uid)).toEqual(['3 three', '2 two', '1 original'])
  })
})

describe('restore() of versions', () => {
  it('gives the same responses to every call', async () => {
    await using node = await openNode()
    const first = await node.post('one', { topic: 'deploys', format: 'markdown' })
    const reply = await node.post('two', { reply_to: first.id, sender: 'bob' })
    await node.post('👍', { format: 'reaction', reply_to: first.id, sender: 'bob' })
    const undone = await node.post('👎', { format: 'reaction', reply_to: first.id, sender: 'bob' })
    await node.post('three', { reply_to: reply.uid })
    await node.post('deleted')
    await synchronize(node)
    await node.edit(first.id, { content: 'one, edited' }, { updatedBy: 'carol' })
    await node.edit(reply.id, { topic: 'other' })
    await synchronize(node)
    await node.edit(first.id, { format: 'plain' })
    await node.remove(undone.id)
    await node.remove(6)
    await synchronize(node)

    await using restored = await openTemporaryStore()
    const summary = await restore({ store: restored, backend: node.backend })
    expect(summary).toMatchObject({ imported: 6, changed: 5, skipped: 0, conflicts: 0 })
    const [original, copy] = await Promise.all([node.store, restored].map(responsesOf))
    expect(copy).toEqual(original)
    expect(await verify({ store: restored, backend: node.backend })).toMatchObject({ equal: true })

    async function responsesOf(store: Node['store']) {
      const synchronizer = createSynchronizer({ store, backend: node.backend })
      await synchronizer.close()
      const engine = assembleEngine({ store, synchronizer })
      const keys = [1, 2, 3, 4, 5, 6]
      const calls = [
        ...[{}, { deleted: true }, { format: 'reaction' as const }, { topic: 'deploys' }, { topic: 'other' }],
        ...[
          { thread: first.uid },
          { reply_to: first.uid },
          { sender: 'bob' },
          { after: 2 },
          { synchronized: true },
        ],
      ].map((query) => engine.list(query))
      const responses = await Promise.allSettled([
        ...calls,
        engine.topics(),
        ...keys.flatMap((key) => [engine.find(key), engine.history(key), engine.thread(key)]),
      ])
      return JSON.parse(JSON.stringify(responses, (key, value) => (key === 'position' ? undefined : value)))
    }
  })
})

describe('verify() of versions', () => {
  it('names an earlier version whose commit does not have it, and corrects its hash', async () => {
    await using pair = await openPair()
    const { one, uid } = pair
    await one.edit(uid, { content: 'two' })
    await synchronize(one)
    const [, { git_hash } = {}] = await one.store.listVersions(uid)
    const published = [{ uid, version: 1, git_hash: 'f'.repeat(40) }]
    await one.store.settle({ published, cursor: await one.store.cursor() })
    const found: object[] = []
    const onDifference = (difference: object) => void found.push(difference)
    expect((await verify({ ...one, onDifference })).equal).toBe(false)
    expect(found).toMatchObject([
      { kind: 'wrong-hash', uid, version: 1, git_hash: 'f'.repeat(40), commit: git_hash },
    ])
    expect(await verify({ ...one, repair: true })).toMatchObject({ equal: true, repaired: 1 })
    expect(await verify(one)).toMatchObject({ equal: true, repaired: 0 })
    expect((await one.store.listVersions(uid))[1]?.git_hash).toBe(git_hash)
  })

  it('names a version that only the branch has, and imports it', async () => {
    await using pair = await openPair()
    await pair.other.edit(pair.uid, { content: 'two' })
    await synchronize(pair.other)
    const found: object[] = []
    const onDifference = (difference: object) => void found.push(difference)
    expect((await verify({ ...pair.one, onDifference })).equal).toBe(false)
    expect(found).toMatchObject([{ kind: 'missing-in-database', uid: pair.uid, version: 1 }])
    expect(await verify({ ...pair.one, repair: true })).toMatchObject({ equal: true })
    expect(await textsOf(pair.one, pair.uid)).toEqual(['2 two', '1 original'])
  })

  it('compares tombstones byte for byte', async () => {
    await using pair = await openPair()
    await pair.one.remove(pair.uid)
    await synchronize(pair.one)
    expect(await verify(pair.one)).toMatchObject({ equal: true })
    const message = await pair.one.store.findMessage(pair.uid)
    if (!message) throw new Error('The message is not stored.')
    const forged = { ...message, id: message.origin_id, updated_by: 'eve' }
    await commitByHand(pair.one.repository, fileOf(forged))
    expect((await verify(pair.one)).differences).toMatchObject({ 'other-bytes': 1 })
  })

  it('accepts what is pending: an edit, and a deletion that erased what the branch still has', async () => {
    await using pair = await openPair()
    await pair.one.post('another')
    await synchronize(pair.one)
    await pair.one.edit(pair.uid, { content: 'two' })
    await pair.one.remove(2)
    expect(await verify(pair.one)).toMatchObject({ equal: true, pending: 2 })
  })
})
