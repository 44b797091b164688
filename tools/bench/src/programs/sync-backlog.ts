// Synchronizes a backlog and times each phase: `sync-backlog DATA_FOLDER [REMOTE]`. Prints a `SyncRun`.
import { join } from 'node:path'
import { createEngine } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'
import { createPhases } from '../rig/phases.js'
import type { SyncRun } from '../rig/programs.js'

const [folder = '', remote = null] = process.argv.slice(2)
const phases = createPhases()
const batches: number[] = []

await using store = await openStore({ path: join(folder, 'gitmsg.db') })
const backend = createLocalBackend({
  directory: join(folder, 'repository.git'),
  remote,
  rebuildable: true,
  environment: process.env,
})

const startedAt = performance.now()
const engine = createEngine({
  store: phases.timeStore(store),
  backend: phases.timeBackend(backend, (commits) => batches.push(commits)),
})
const { pending, last_error } = await engine.sync()
if (pending > 0) throw new Error(last_error?.message ?? 'some messages are still pending')
await engine.close()
const milliseconds = performance.now() - startedAt
await backend.close()

const run: SyncRun = {
  milliseconds,
  batches,
  phases: phases.split(milliseconds),
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
}
process.stdout.write(JSON.stringify(run))
