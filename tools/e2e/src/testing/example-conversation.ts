import { createEngine } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

const CONVERSATION = [
  ['2025-01-09T08:00:00Z', 'alice', 'Hello, Git'],
  ['2025-01-09T08:05:00Z', 'bob', 'Hello, Alice'],
  ['2025-01-09T11:30:00Z', 'alice', 'Shall we have lunch?'],
  ['2025-01-10T11:31:00Z', 'bob', 'Yes, at one.'],
] as const

/** Fills `data/` in a folder with the conversation of the guides. Its commits always have the same hashes. */
export async function makeExampleConversation(folder: string): Promise<void> {
  let time = 0
  let number = 0
  const clock = () => time
  const store = await openStore({ path: `${folder}/data/gitmsg.db`, clock })
  const directory = `${folder}/data/repository.git`
  const backend = createLocalBackend({ directory, environment: { PATH: process.env.PATH } })
  const createUid = () => `01944a1e-0000-7000-8000-${String(number).padStart(12, '0')}`
  const engine = createEngine({ store, backend, clock, createUid })
  for (const [at, sender, content] of CONVERSATION) {
    time = Date.parse(at)
    number += 1
    await engine.post({ sender, content })
  }
  await engine.sync()
  await engine.close()
  await backend.close()
  await store.close()
}
