import { createMemoryBackend, GitSyncError } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { StoreError } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { openNode } from '../testing/open-node.js'
import { rollBack } from '../testing/rewrite-branch.js'
import { readSyncStatus } from './status.js'

it('readSyncStatus() reports lost history until nothing is pending, after failures and restarts, too', async () => {
  const repository = createMemoryRepository()
  await using node = await openNode({ repository })
  const { store, backend, tracker } = node
  const code = async () => (await readSyncStatus(store, backend, tracker.current)).last_error?.code
  for (const content of ['a', 'b', 'c']) {
    await node.post(content)
    await node.dispatchOnce()
  }
  expect(await code()).toBeUndefined()

  rollBack(repository, 2)
  await node.importOnce()
  expect(node.events.filter(({ type }) => type === 'missing')).toEqual([{ type: 'missing', messages: 2 }])
  expect(await code()).toBe('history-lost')
  tracker.failed(new GitSyncError('unavailable', 'down'), 1_000)
  expect(await code()).toBe('unavailable')
  tracker.syncing()
  expect(await code()).toBe('history-lost')

  await using restarted = await openNode({ store, repository })
  expect(await readSyncStatus(store, createMemoryBackend(), restarted.tracker.current)).toMatchObject({
    pending: 2,
    last_error: { code: 'history-lost', at: expect.any(String) },
  })
  await restarted.dispatchOnce()
  expect(await readSyncStatus(store, backend)).toMatchObject({ pending: 0, last_error: null })
})

it('readSyncStatus() reports failures of the database by other codes than those of the repository', async () => {
  await using node = await openNode({ repository: createMemoryRepository() })
  const code = async () =>
    (await readSyncStatus(node.store, node.backend, node.tracker.current)).last_error?.code
  node.tracker.failed(new StoreError('corrupt', 'the database file is damaged'), 1_000)
  expect(await code()).toBe('database-corrupt')
  node.tracker.failed(new StoreError('unavailable', 'the database cannot be reached'), 1_000)
  expect(await code()).toBe('database-unavailable')
  node.tracker.failed(new GitSyncError('corrupt', 'the repository is damaged'), 1_000)
  expect(await code()).toBe('corrupt')
})
