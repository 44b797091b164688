import { createMemoryBackend, type GitBackend } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { openTemporaryStore } from '@gitmsg/store/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commitByHand, fileOfAnother } from '../testing/drafts.js'
import { everythingIn, openNode } from '../testing/open-node.js'
import { verify } from '../verify/verify.js'
import { restore } from './restore.js'

/** A repository with this many messages, and the server that wrote it. */
async function openBackup(messages: number) {
  const node = await openNode()
  await Promise.all(Array.from({ length: messages }, (_, number) => node.post(`message ${number}`)))
  while ((await node.dispatchOnce()) !== 'idle');
  return node
}

/** A backend whose reader dies in the middle of the history. */
function breakOff(backend: GitBackend, after: number): GitBackend {
  return {
    ...backend,
    async *changesSince(cursor, options) {
      let count = 0
      for await (const commit of backend.changesSince(cursor, options)) {
        if (count === after) throw new Error('killed')
        count += 1
        yield commit
      }
    },
  }
}

describe('restore()', () => {
  it('restores the same messages with the same ids and hashes', async () => {
    await using backup = await openBackup(30)
    await using store = await openTemporaryStore()
    const progress: object[] = []
    const summary = await restore({ store, backend: backup.backend, onProgress: (now) => progress.push(now) })
    expect(summary).toEqual({ commits: 30, imported: 30, changed: 0, settled: 0, skipped: 0, conflicts: 0 })
    expect(progress).toEqual([summary])
    expect(await everythingIn(store)).toEqual(await everythingIn(backup.store))
    expect(await verify({ store, backend: backup.backend })).toMatchObject({ equal: true, messages: 30 })
  })

  it('keeps the ids in the files if they are free, in commit order', async () => {
    await using lost = await openNode()
    await using neighbour = await openNode({ repository: lost.repository })
    await lost.post('a1')
    await neighbour.post('b1')
    await lost.dispatchOnce()
    await neighbour.importOnce()
    await neighbour.dispatchOnce()
    await lost.importOnce()
    await lost.post('a3')
    await lost.dispatchOnce()

    await using store = await openTemporaryStore()
    await restore({ store, backend: lost.backend })
    expect(await everythingIn(store)).toEqual(await everythingIn(lost.store))
    expect((await everythingIn(store)).map(({ content }) => content)).toEqual(['a1', 'b1', 'a3'])
  })

  it('continues after an interruption at any point, with the same result', async () => {
    await using backup = await openBackup(1_500)
    const expected = await everythingIn(backup.store)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1_499 }), { maxLength: 4 }), async (deaths) => {
        await using store = await openTemporaryStore()
        for (const death of deaths) {
          const restoring = restore({ store, backend: breakOff(backup.backend, death) })
          await restoring.catch((error: Error) => expect(error.message).toBe('killed'))
        }
        await restore({ store, backend: backup.backend })
        expect(await everythingIn(store)).toEqual(expected)
      }),
      { numRuns: 8, examples: [[[0]], [[499]], [[500]], [[501, 500]]] },
    )
  })

  it('stops when its signal aborts', async () => {
    await using backup = await openBackup(1_500)
    await using store = await openTemporaryStore()
    const stop = new AbortController()
    const options = { store, backend: backup.backend, onProgress: () => stop.abort(), signal: stop.signal }
    await expect(restore(options)).rejects.toMatchObject({ code: 'aborted' })
    const { length } = await everythingIn(store)
    expect(length).toBeGreaterThan(0)
    expect(length).toBeLessThan(1_500)
  })

  it('does nothing once everything is restored', async () => {
    await using backup = await openBackup(3)
    await using store = await openTemporaryStore()
    await restore({ store, backend: backup.backend })
    expect(await restore({ store, backend: backup.backend })).toMatchObject({ commits: 0, imported: 0 })
  })

  it('skips and counts files that are not messages', async () => {
    await using backup = await openBackup(2)
    await commitByHand(backup.repository, { path: 'messages/notes.txt', content: 'hello' }, fileOfAnother(9))
    await using store = await openTemporaryStore()
    expect(await restore({ store, backend: backup.backend })).toMatchObject({ imported: 3, skipped: 1 })
    expect((await everythingIn(store)).map(({ id }) => id)).toEqual([1, 2, 9])
  })
})

describe('restore() rejects', () => {
  it('a database with a message of its own, and leaves it unchanged', async () => {
    await using backup = await openBackup(2)
    await using node = await openNode()
    const { uid } = await node.post('mine')
    const rejection = { code: 'not-empty' }
    await expect(restore({ store: node.store, backend: backup.backend })).rejects.toMatchObject(rejection)
    await node.store.quarantine(uid, 'no')
    await expect(restore({ store: node.store, backend: backup.backend })).rejects.toMatchObject(rejection)
    expect(await node.contents()).toEqual(['mine'])
  })

  it('while another process synchronizes the database', async () => {
    await using store = await openTemporaryStore()
    const lock = await store.acquireSyncLock()
    const restoring = restore({ store, backend: createMemoryBackend() })
    await expect(restoring).rejects.toMatchObject({ code: 'synchronizing' })
    await lock?.release()
  })

  it('a database restored from another repository, and changes nothing', async () => {
    await using backup = await openBackup(2)
    await using store = await openTemporaryStore()
    await restore({ store, backend: backup.backend })
    const before = await everythingIn(store)
    const other = createMemoryBackend({ repository: createMemoryRepository() })
    await expect(restore({ store, backend: other })).rejects.toMatchObject({ code: 'unknown-cursor' })
    expect(await everythingIn(store)).toEqual(before)
  })
})
