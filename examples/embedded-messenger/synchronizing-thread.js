import { workerData } from 'node:worker_threads'
import { serveSynchronizer } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

const { folder, remote, token } = workerData
const store = await openStore({ path: `${folder}/gitmsg.db` })
const directory = `${folder}/repository.git`
const { PATH, SSH_AUTH_SOCK } = process.env
const backend = createLocalBackend({ directory, remote, token, environment: { PATH, SSH_AUTH_SOCK } })

await serveSynchronizer({ store, backend }) // until the engine in the other thread is closed
await backend.close()
await store.close()
