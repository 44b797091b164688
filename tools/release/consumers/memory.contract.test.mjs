// Runs the contract suite as the author of a backend would.
import { createMemoryBackend } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { describeBackendContract } from '@gitmsg/git-sync/testing'

describeBackendContract('memory', async () => {
  const repository = createMemoryRepository()
  const backend = createMemoryBackend({ repository })
  return { backend, other: async () => createMemoryBackend({ repository }), dispose: backend.close }
})
