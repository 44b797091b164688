// Loads the ES modules and the CommonJS modules of the packages in one process, so there are two copies of each.
import { createRequire } from 'node:module'
import { createEngine } from '@gitmsg/core'
import { createMemoryBackend, GitSyncError } from '@gitmsg/git-sync'

const required = createRequire(import.meta.url)
const { GitSyncError: OtherError } = required('@gitmsg/git-sync')
console.log('two classes', GitSyncError !== OtherError)
console.log('one error', new OtherError('corrupt', '') instanceof GitSyncError)
console.log('not any error', new Error('corrupt') instanceof GitSyncError)

const store = await required('@gitmsg/store/testing').openTemporaryStore()
const engine = createEngine({ store, backend: createMemoryBackend() })
const options = { idempotencyKey: 'key' }
await engine.post({ content: 'one', sender: 'ada' }, options)
const reused = await engine.post({ content: 'two', sender: 'ada' }, options).catch((error) => error.code)
console.log('an engine knows', reused)
await engine.close()
await store.close()
