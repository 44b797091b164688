// The contract suites, as somebody runs them on a backend and a store of their own.
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
