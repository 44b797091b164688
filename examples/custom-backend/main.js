import { readdir, readFile } from 'node:fs/promises'
import { createEngine } from '@gitmsg/core'
import { openStore } from '@gitmsg/store'
import { createJsonLinesBackend } from './json-lines-backend.js'

const store = await openStore({ path: 'data/gitmsg.db' })
const backend = createJsonLinesBackend({ directory: 'data/log' })
const engine = createEngine({ store, backend })

await engine.post({ sender: 'alice', content: 'Hello, lines' })
await engine.sync()
for (const { git_hash, content } of await engine.list()) console.log(git_hash, content)

await engine.close()
await backend.close()
await store.close()

for (const name of await readdir('data/log/main')) {
  for (const line of (await readFile(`data/log/main/${name}`, 'utf8')).trim().split('\n')) {
    const { hash, message, files } = JSON.parse(line)
    console.log(name, hash, message.split('\n')[0], files.map(({ path }) => path).join(' '))
  }
}
