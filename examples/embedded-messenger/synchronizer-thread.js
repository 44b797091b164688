import { workerData } from 'node:worker_threads'
import { serveSynchronizer } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

const { directory, remote, token } = workerData
const store = await openStore({ path: `${directory}/gitmsg.db` })
const backend = createLocalBackend({
  directory: `${directory}/repository.git`,
  remote,
  token,
  environment: process.env,
  rebuildable: true, // the database holds every message
})

await serveSynchronizer({ store, backend }) // until the engine in the other thread is closed
await backend.close()
await store.close()
