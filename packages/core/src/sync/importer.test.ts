import { append, createMemoryBackend } from '@gitmsg/git-sync'
import { branchOf, createMemoryRepository } from '@gitmsg/git-sync/memory'
import { describe, expect, it } from 'vitest'
import { formatFile } from '../format/format-file.js'
import { encodeMessageFile } from '../format/message-file.js'
import { commitByHand, draftByHand, fileOfAnother } from '../testing/drafts.js'
import { historyOf, openNode } from '../testing/open-node.js'

describe('importOnce()', () => {
  it('stores what other servers posted under the next free id, with its uid, path and times', async () => {
    await using one = await openNode()
    await using other = await openNode({ repository: one.repository })
    await other.post('already here')
    const original = await one.post('from one')
    await one.dispatchOnce()

    expect(await other.importOnce()).toMatchObject({ commits: 1, imported: 1, skipped: 0 })
    const { id, git_hash, is_synchronized, position, ...kept } = original
    expect(await other.store.findMessage(original.uid)).toEqual({
      ...kept,
      synchronized_version: 1,
      position: 2,
      id: 2,
      git_hash: (await historyOf(one.backend))[0]?.hash,
      is_synchronized: true,
    })
  })

  it('lets two servers share one repository', async () => {
    await using one = await openNode()
    await using other = await openNode({ repository: one.repository })
    for (let round = 1; round <= 5; round += 1) {
      for (const node of [one, other]) {
        await node.post(`round ${round}`)
        await node.importOnce()
        await node.dispatchOnce()
      }
    }
    await one.importOnce()
    const uids = async (node: typeof one) => (await node.store.listMessages()).map(({ uid }) => uid).sort()
    expect(await uids(one)).toHaveLength(10)
    expect(await uids(one)).toEqual(await uids(other))
    expect(await historyOf(one.backend)).toHaveLength(10)
  })

  it('does nothing the second time', async () => {
    await using node = await openNode()
    await node.post('one')
    await node.dispatchOnce()
    expect(await node.importOnce()).toEqual({
      commits: 0,
      imported: 0,
      changed: 0,
      settled: 0,
      skipped: 0,
      conflicts: 0,
    })
  })

  it('reads a long history in batches, and misses nothing', async () => {
    await using one = await openNode()
    for (let number = 1; number <= 1_201; number += 1) await one.post(`message ${number}`)
    while ((await one.dispatchOnce()) !== 'idle');
    await using other = await openNode({ repository: one.repository })
    expect(await other.importOnce()).toMatchObject({ commits: 1_201, imported: 1_201 })
    expect(await other.store.cursor()).toEqual(await one.store.cursor())
  })

  it('makes everything pending again if the repository was replaced, and rebuilds the same files', async () => {
    await using node = await openNode()
    await using others = await openNode({ repository: node.repository })
    await others.post('of others')
    await others.dispatchOnce()
    await node.post('ours')
    await node.importOnce()
    await node.dispatchOnce()
    const before = await historyOf(node.backend)

    await using moved = await openNode({ store: node.store, repository: createMemoryRepository() })
    await moved.importOnce()
    expect((await moved.store.summary()).pending).toBe(2)
    await moved.dispatchOnce()
    expect((await historyOf(moved.backend)).flatMap(({ files }) => files)).toEqual(
      expect.arrayContaining(before.flatMap(({ files }) => files)),
    )
  })
})

describe('importOnce() of foreign content', () => {
  // Covers IN-72
  it.each([
    ['is not a message', { path: 'messages/00/00/00/note.json', content: 'hello' }],
    ['was removed', { path: 'messages/00/00/00/note.json', content: null }],
    ['is far too large', { path: 'messages/00/00/00/big.json', content: 'x'.repeat(600_000) }],
  ])('skips and reports a file that %s', async (_, file) => {
    const repository = createMemoryRepository()
    const backend = createMemoryBackend({ repository })
    const first = draftByHand({ path: 'messages/00/00/00/note.json', content: 'first' }, formatFile(1))
    await append(backend, {
      parent: null,
      commits: [first, draftByHand({ path: 'README.md', content: 'ours to leave alone' }, file)],
    })
    await using node = await openNode({ repository })
    expect(await node.importOnce()).toMatchObject({ commits: 2, imported: 0, skipped: 2 })
    await node.post('goes on')
    expect(await node.dispatchOnce()).toBe('dispatched')
  })

  it('never overwrites a foreign file at the path of a pending message', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const { path, uid } = await node.post('ours')
    const intruder = createMemoryBackend({ repository })
    await append(intruder, { parent: null, commits: [draftByHand({ path, content: 'theirs' })] })

    await node.importOnce()
    expect(await node.dispatchOnce()).toBe('idle')
    expect(await node.store.quarantineReason(uid)).toMatch(/different file for this message/)
    expect(await historyOf(node.backend)).toHaveLength(1)
    expect(await node.contents()).toEqual(['ours'])
  })

  it('never overwrites a foreign file at that path that is too large to read', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const { path, uid } = await node.post('ours')
    await commitByHand(repository, { path, content: 'x'.repeat(600_000) })
    await node.importOnce()
    expect(await node.dispatchOnce()).toBe('idle')
    expect(await node.store.quarantineReason(uid)).toMatch(/different file for this message/)
  })

  it('appends a pending message once the foreign file at its path was removed again', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const { path } = await node.post('ours')
    await commitByHand(repository, { path, content: 'theirs' })
    await commitByHand(repository, { path, content: null })
    await node.importOnce()
    expect(await node.dispatchOnce()).toBe('dispatched')
    expect(await node.store.summary()).toMatchObject({ pending: 0, quarantined: 0 })
  })

  it('appends a pending message whose uid was taken at another path, and reports the other file', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const { path, uid } = await node.post('our own')
    const taken = fileOfAnother(9_000, uid)
    await commitByHand(repository, formatFile(1), taken)
    expect(await node.importOnce()).toMatchObject({ imported: 0, conflicts: 1 })
    expect(await node.dispatchOnce()).toBe('dispatched')
    expect(await node.store.quarantineReason(uid)).toBeNull()
    expect(await node.store.findMessage(uid)).toMatchObject({ content: 'our own', is_synchronized: true })
    expect([...branchOf(repository, 'main').tree.keys()]).toEqual(expect.arrayContaining([path, taken.path]))
    node.tracker.idle()
    expect(node.tracker.current.last_error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(taken.path),
    })
  })

  it('appends a pending message if the file at its path is its own but was removed again', async () => {
    const repository = createMemoryRepository()
    await using node = await openNode({ repository })
    const { path, uid } = await node.post('our own')
    const message = await node.store.findMessage(uid)
    if (!message) throw new Error('The message is not stored.')
    await commitByHand(repository, formatFile(1), { path, content: encodeMessageFile(message) })
    await commitByHand(repository, { path, content: null })
    expect(await node.importOnce()).toMatchObject({ settled: 0 })
    expect(await node.dispatchOnce()).toBe('dispatched')
    expect(branchOf(repository, 'main').tree.has(path)).toBe(true)
  })

  it('accepts a format file that was removed with 500 files and more, and brought back', async () => {
    const repository = createMemoryRepository()
    const others = Array.from({ length: 600 }, () => fileOfAnother())
    const removed = [formatFile(1), ...others].map(({ path }) => ({ path, content: null }))
    await commitByHand(repository, formatFile(1), ...others)
    await using node = await openNode({ repository })
    await node.importOnce()
    await commitByHand(repository, ...removed)
    await commitByHand(repository, formatFile(1), ...others)
    expect(await node.importOnce()).toMatchObject({ commits: 2, conflicts: 0 })
    await using fresh = await openNode({ repository })
    expect(await fresh.importOnce()).toMatchObject({ commits: 3, imported: 600 })
    expect((await fresh.store.cursor()).format).toBe(1)
  })

  it('imports nothing from a branch whose format is unknown at its head, however late that came', async () => {
    const repository = createMemoryRepository()
    await commitByHand(repository, formatFile(1), ...Array.from({ length: 600 }, () => fileOfAnother()))
    await commitByHand(repository, { ...formatFile(1), content: '{"format":"gitmsg","version":3}' })
    await using node = await openNode({ repository })
    await expect(node.importOnce()).rejects.toMatchObject({ code: 'misconfigured' })
    expect(await node.contents()).toEqual([])
  })

  it('imports any number of messages from one commit', async () => {
    const repository = createMemoryRepository()
    await commitByHand(repository, formatFile(1), ...Array.from({ length: 10_500 }, () => fileOfAnother()))
    await using node = await openNode({ repository })
    expect(await node.importOnce()).toMatchObject({ commits: 1, imported: 10_500, skipped: 0 })
  })

  it('accepts a format file that was damaged and repaired again', async () => {
    const repository = createMemoryRepository()
    await commitByHand(repository, { ...formatFile(1), content: 'garbage' })
    await commitByHand(repository, formatFile(1), fileOfAnother())
    await using node = await openNode({ repository })
    expect(await node.importOnce()).toMatchObject({ commits: 2, imported: 1 })
  })

  it('adopts a branch with other files, and declares the format with the first message', async () => {
    const repository = createMemoryRepository()
    const backend = createMemoryBackend({ repository })
    await append(backend, { parent: null, commits: [draftByHand({ path: 'README.md', content: 'hello' })] })
    await using node = await openNode({ repository })
    await node.importOnce()
    await node.post('first')
    await node.dispatchOnce()
    const [, commit] = await historyOf(backend)
    expect(commit?.files.map(({ path }) => path)).toContain('.gitmsg/format.json')
  })

  // Covers IN-72
  it.each([
    ['of a newer version', '{"format":"gitmsg","version":3}\n', /format version 3/],
    ['of another program', '{"format":"other"}', /not a gitmsg repository/],
    ['unreadable', 'garbage', /not a gitmsg repository/],
  ])('rejects a branch whose format is %s', async (_, content, reason) => {
    const repository = createMemoryRepository()
    const backend = createMemoryBackend({ repository })
    await append(backend, { parent: null, commits: [draftByHand({ path: '.gitmsg/format.json', content })] })
    await using node = await openNode({ repository })
    await expect(node.importOnce()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(reason),
    })
    expect(await node.store.cursor()).toEqual({ commit: null, format: null })
  })
})
