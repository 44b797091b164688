import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { describeBackendContract } from '@gitmsg/git-sync/testing'

describeBackendContract('local', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-contract-'))
  const opened = []
  const open = () => {
    const backend = createLocalBackend({ directory: join(folder, 'repository.git') })
    opened.push(backend)
    return backend
  }
  return {
    backend: open(),
    other: async () => open(),
    async dispose() {
      for (const backend of opened) await backend.close()
      await rm(folder, { recursive: true })
    },
  }
})
