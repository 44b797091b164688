import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { openGitmsg } from '@gitmsg/core'

// What both share: any repository that `git push` reaches. Here it is a bare one in a folder.
const remote = 'data/shared.git'
if (!existsSync(remote)) execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])

// Each server has a database and a copy of the repository of its own, usually on a machine of its own.
const open = (name) =>
  openGitmsg({
    directory: `data/${name}`,
    remote,
    environment: process.env,
    fetchInterval: 1000, // how often to look for what other servers posted, in milliseconds
  })
const [north, south] = await Promise.all(['north', 'south'].map(open))

// At the same time: one of the two pushes is too late; that server imports the other's commit and pushes again.
await Promise.all([
  north.post({ sender: 'nora', content: 'It is cold up here.' }),
  south.post({ sender: 'sam', content: 'Not here.' }),
])
await Promise.all([north.sync(), south.sync()])
await Promise.all([north.sync(), south.sync()]) // now each has the other's message; or wait for a second

for (const [name, server] of Object.entries({ north, south })) {
  console.log(`${name} has`)
  for (const { id, uid, git_hash, sender, content } of await server.list()) {
    console.log(`  ${id} ${uid} ${git_hash} ${sender}: ${content}`)
  }
  await server.close()
}
