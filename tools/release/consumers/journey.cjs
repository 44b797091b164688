// Posts a message, commits it to a local repository and reads it back, with `require` only.
const { join } = require('node:path')
const { createEngine } = require('@gitmsg/core')
const { createLocalBackend } = require('@gitmsg/git-sync/local')
const { openStore } = require('@gitmsg/store')

async function main() {
  const store = await openStore({ path: join(__dirname, 'journey/gitmsg.db') })
  const backend = createLocalBackend({ directory: join(__dirname, 'journey/repository.git') })
  const engine = createEngine({ store, backend })
  const { id } = await engine.post({ content: 'Hello, Git', sender: 'alice' })
  await engine.sync()
  console.log((await engine.find(id)).is_synchronized)
  await engine.close()
  await backend.close()
  await store.close()
}

main()
