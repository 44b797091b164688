import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { changesAfter, openSettingsLog } from './settings-log.js'

const remote = 'data/settings.git'
if (!existsSync(remote)) execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])
const { PATH } = process.env
const open = (name) => createLocalBackend({ directory: `data/${name}.git`, remote, environment: { PATH } })

const [adas, bobs] = ['ada', 'bob'].map(open)
const ada = openSettingsLog(adas)
const bob = openSettingsLog(bobs)

// Bob has not read Ada's change. His own comes too late, is decided again on hers, and lands on top of it.
await ada.change('connections', { author: 'ada', decide: () => 100 })
await bob.change('connections', { author: 'bob', decide: (present = 10) => present * 2 })

await ada.catchUp()
console.log(`Ada sees ${ada.get('connections')}.`)

// A reader stores a cursor: each run reports only what is new since the last one.
const cursor = await readFile('data/cursor', 'utf8').catch(() => null)
for await (const { hash, change } of changesAfter(adas, cursor)) {
  console.log(change)
  await writeFile('data/cursor', hash)
}

await adas.close()
await bobs.close()
