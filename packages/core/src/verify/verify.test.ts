import { describe, expect, it, vi } from 'vitest'
import { formatFile } from '../format/format-file.js'
import { commitByHand, fileOfAnother } from '../testing/drafts.js'
import { historyOf, openNode } from '../testing/open-node.js'
import type { Difference } from './find-differences.js'
import { type VerifyOptions, verify } from './verify.js'

/** A server whose five messages are all in the repository. */
async function openSynchronizedNode() {
  const node = await openNode()
  for (let number = 1; number <= 5; number += 1) await node.post(`message ${number}`)
  await node.dispatchOnce()
  const [, , third] = (await node.store.listMessages()).reverse()
  if (!third) throw new Error('There is no third message.')
  return { ...node, third, [Symbol.asyncDispose]: () => node.store.close() }
}

async function verified(options: VerifyOptions) {
  const differences: Difference[] = []
  const result = await verify({ ...options, onDifference: (difference) => void differences.push(difference) })
  return { ...result, found: differences.map(({ kind, uid }) => ({ kind, uid })), named: differences }
}

describe('verify()', () => {
  it('finds no difference if nothing was touched, and counts what it read', async () => {
    await using node = await openSynchronizedNode()
    const progress: object[] = []
    const result = await verified({ ...node, onProgress: (seen) => progress.push(seen) })
    expect(result).toMatchObject({ equal: true, messages: 5, commits: 5, pending: 0, repaired: 0, named: [] })
    expect(result.head).toBe(await node.backend.head())
    expect(progress).toEqual([
      { files: 0, expected: 5 },
      { files: 6, expected: 5 },
    ])
  })

  it('finds no difference between an empty database and an empty repository', async () => {
    await using node = await openNode()
    expect(await verified(node)).toMatchObject({ equal: true, messages: 0, commits: 0, head: null })
  })

  it('counts pending messages, which are not a difference', async () => {
    await using node = await openSynchronizedNode()
    await node.post('pending')
    const { uid } = await node.post('quarantined')
    await node.store.quarantine(uid, 'no')
    expect(await verified(node)).toMatchObject({ equal: true, messages: 7, pending: 1, quarantined: 1 })
  })

  it('compares the search index with the messages, and builds it again in a repair', async () => {
    await using node = await openSynchronizedNode()
    expect(await verified(node)).toMatchObject({ equal: true, searchIndex: 'equal' })
    const damaged = {
      ...node,
      store: { ...node.store, checkSearchIndex: vi.fn(node.store.checkSearchIndex) },
    }
    damaged.store.checkSearchIndex.mockResolvedValueOnce('different')
    expect(await verified(damaged)).toMatchObject({ equal: false, searchIndex: 'different', named: [] })
    damaged.store.checkSearchIndex.mockResolvedValueOnce('different')
    expect(await verified({ ...damaged, repair: true })).toMatchObject({
      equal: true,
      searchIndex: 'repaired',
    })

    await node.store.clearSearchIndex()
    expect(await verified(node)).toMatchObject({ equal: true, searchIndex: 'incomplete' })
    expect(await verified({ ...node, repair: true })).toMatchObject({ equal: true, searchIndex: 'repaired' })
    expect(await verified(node)).toMatchObject({ equal: true, searchIndex: 'equal' })
  })

  it('accepts a file that was removed and put back unchanged', async () => {
    await using node = await openSynchronizedNode()
    const { path } = node.third
    const content = fileIn(await historyOf(node.backend), path)
    await commitByHand(node.repository, { path, content: null })
    await commitByHand(node.repository, { path, content })
    expect(await verified(node)).toMatchObject({ equal: true, found: [] })
  })

  it('compares nothing if the format is unknown, and reports that', async () => {
    await using node = await openSynchronizedNode()
    const content = '{"format":"gitmsg","version":3}\n'
    await commitByHand(
      node.repository,
      { ...formatFile(1), content },
      { path: node.third.path, content: null },
    )
    const { equal, named } = await verified(node)
    expect(equal).toBe(false)
    expect(named).toMatchObject([
      { kind: 'unknown-format', reason: expect.stringMatching('format version 3') },
    ])
  })

  it('changes nothing without repair', async () => {
    await using node = await openSynchronizedNode()
    await commitByHand(node.repository, { path: node.third.path, content: null }, fileOfAnother())
    const before = [await node.store.listMessages(), await node.store.cursor(), await node.backend.head()]
    await verified(node)
    expect([await node.store.listMessages(), await node.store.cursor(), await node.backend.head()]).toEqual(
      before,
    )
  })
})

describe('verify() with repair', () => {
  it('makes messages pending again that the repository lacks', async () => {
    await using node = await openSynchronizedNode()
    const { path, uid } = node.third
    await commitByHand(node.repository, { path, content: null })
    const { equal, named } = await verified({ ...node, repair: true })
    expect(named).toMatchObject([{ kind: 'missing-in-repository', uid, id: 3, path, repaired: true }])
    expect(equal).toBe(true)

    await node.importOnce()
    await node.dispatchOnce()
    expect(await verified(node)).toMatchObject({ equal: true, pending: 0 })
    expect(await historyOf(node.backend)).toHaveLength(7)
  })

  it('imports messages that the database lacks', async () => {
    await using node = await openSynchronizedNode()
    const other = fileOfAnother()
    await commitByHand(node.repository, other)
    await node.store.settle({ cursor: { commit: await node.backend.head(), format: 1 } })
    expect((await verified(node)).named).toMatchObject([{ kind: 'missing-in-database', path: other.path }])

    expect(await verified({ ...node, repair: true })).toMatchObject({ equal: true, repaired: 1 })
    expect(await node.contents()).toContain('hi')
    expect(await verified(node)).toMatchObject({ equal: true, messages: 6 })
    expect((await node.store.cursor()).commit).toBe(await node.backend.head())
  })

  it('imports messages removed before the database had them, and appends them again', async () => {
    await using node = await openSynchronizedNode()
    const { path, content } = fileOfAnother()
    await commitByHand(node.repository, { path, content })
    await commitByHand(node.repository, { path, content: null })
    const { found } = await verified({ ...node, repair: true })
    expect(found.map(({ kind }) => kind)).toEqual(['missing-in-database', 'missing-in-repository'])

    await node.dispatchOnce()
    expect(await verified(node)).toMatchObject({ equal: true, messages: 6, pending: 0 })
  })

  it('corrects a wrong hash', async () => {
    await using node = await openSynchronizedNode()
    const { uid, git_hash } = node.third
    const published = [{ uid, version: 1, git_hash: 'f'.repeat(40) }]
    await node.store.settle({ published, cursor: await node.store.cursor() })
    const { named } = await verified({ ...node, repair: true })
    expect(named).toMatchObject([{ kind: 'wrong-hash', git_hash: 'f'.repeat(40), commit: git_hash }])
    expect(await node.store.findMessage(uid)).toMatchObject({ git_hash })
  })

  it('leaves different bytes alone on both sides', async () => {
    await using node = await openSynchronizedNode()
    await commitByHand(node.repository, { path: node.third.path, content: 'theirs' })
    const before = await historyOf(node.backend)
    expect(await verified({ ...node, repair: true })).toMatchObject({
      equal: false,
      repaired: 0,
      found: [{ kind: 'other-bytes', uid: node.third.uid }],
    })
    expect(await node.dispatchOnce()).toBe('idle')
    expect(await historyOf(node.backend)).toEqual(before)
    expect(await node.contents()).toContain('message 3')
  })

  it('rejects while another process synchronizes the database', async () => {
    await using node = await openSynchronizedNode()
    const lock = await node.store.acquireSyncLock()
    await expect(verify({ ...node, repair: true })).rejects.toMatchObject({ code: 'synchronizing' })
    expect(await verify(node)).toMatchObject({ equal: true })
    await lock?.release()
  })
})

function fileIn(history: Awaited<ReturnType<typeof historyOf>>, wanted: string) {
  const file = history.flatMap(({ files }) => files).find(({ path }) => path === wanted)
  return file?.content ?? null
}
