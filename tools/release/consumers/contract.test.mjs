// Runs the contract suites as the author of a backend and of a store would.
import { createMemoryBackend } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { describeBackendContract } from '@gitmsg/git-sync/testing'
import { openStore } from '@gitmsg/store'
import { describeStoreContract, openTemporaryStore } from '@gitmsg/store/testing'

describeBackendContract('memory', async () => {
  const repository = createMemoryRepository()
  const backend = createMemoryBackend({ repository })
  return { backend, other: async () => createMemoryBackend({ repository }), dispose: backend.close }
})

describeStoreContract('SQLite', async ({ clock }) => {
  const store = await openTemporaryStore({ clock })
  return { store, other: () => openStore({ path: store.path, clock }), dispose: store.close }
})
