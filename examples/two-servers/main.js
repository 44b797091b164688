import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createEngine } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

// What both share: any repository that `git push` reaches. Here it is a bare one in a folder.
const remote = 'data/shared.git'
if (!existsSync(remote)) execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])

/** A server has a database and a copy of the repository of its own. It would stand on another machine. */
async function openServer(name) {
  const store = await openStore({ path: `data/${name}/gitmsg.db` })
  const { PATH } = process.env
  const directory = `data/${name}/repository.git`
  const backend = createLocalBackend({ directory, remote, environment: { PATH } })
  // How often it looks for what others posted, in milliseconds; it also looks whenever a push comes too late.
  const engine = createEngine({ store, backend, fetchInterval: 1000 })
  async function close() {
    await engine.close()
    await backend.close()
    await store.close()
  }
  return { name, engine, close }
}

const servers = await Promise.all(['north', 'south'].map(openServer))
const [north, south] = servers.map(({ engine }) => engine)

// At the same time: one of the two pushes comes too late, reads what the other brought, and tries again.
await Promise.all([
  north.post({ sender: 'nora', content: 'It is cold up here.' }),
  south.post({ sender: 'sam', content: 'Not here.' }),
])
await Promise.all([north.sync(), south.sync()])
await Promise.all([north.sync(), south.sync()]) // now each has the other's; or wait for a second

for (const { name, engine } of servers) {
  console.log(`${name} has`)
  for (const { id, uid, git_hash, sender, content } of await engine.list()) {
    console.log(`  ${id} ${uid} ${git_hash} ${sender}: ${content}`)
  }
}
for (const { close } of servers) await close()
