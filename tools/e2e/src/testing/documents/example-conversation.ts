import { createEngine, type Engine } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

const CONVERSATION = [
  ['2025-01-09T08:00:00Z', 'alice', 'Hello, Git'],
  ['2025-01-09T08:05:00Z', 'bob', 'Hello, Alice'],
  ['2025-01-09T11:30:00Z', 'alice', 'Shall we have lunch?'],
  ['2025-01-10T11:31:00Z', 'bob', 'Yes, at one.'],
] as const

/** Fills `data/` in a folder with the conversation of the guides. Its commits always have the same hashes. */
export const makeExampleConversation = (folder: string): Promise<void> =>
  converse(folder, async ({ engine, at }) => {
    for (const [time, sender, content] of CONVERSATION) await engine.post(at(time, { sender, content }))
  })

/** The same with the conversation of the guide on edits, threads and topics. */
export const makeEditedConversation = (folder: string): Promise<void> =>
  converse(folder, async ({ engine, at }) => {
    await engine.post(
      at('2025-01-09T11:30:00Z', { sender: 'alice', content: 'Lunch at noon?', topic: 'lunch' }),
    )
    await engine.post(at('2025-01-09T11:32:00Z', { sender: 'bob', content: 'Rather at one.', reply_to: 1 }))
    const thumb = { sender: 'bob', content: '👍', format: 'reaction', reply_to: 1 } as const
    await engine.post(at('2025-01-09T11:33:00Z', thumb))
    await engine.post(at('2025-01-09T11:40:00Z', { sender: 'bob', content: 'Wrong window, sorry.' }))
    await engine.sync()
    await engine.edit(1, at('2025-01-09T11:45:00Z', { content: 'Lunch at one?' }))
    at('2025-01-09T11:50:00Z', {})
    await engine.remove(4)
  })

async function converse(
  folder: string,
  talk: (tools: {
    engine: Engine
    /** Sets the time, and returns the input. */
    at: <Input>(time: string, input: Input) => Input
  }) => Promise<void>,
): Promise<void> {
  let now = 0
  let number = 0
  const clock = () => now
  const store = await openStore({ path: `${folder}/data/gitmsg.db`, clock })
  const directory = `${folder}/data/repository.git`
  const backend = createLocalBackend({ directory, environment: { PATH: process.env.PATH } })
  const createUid = () => {
    number += 1
    return `01944a1e-0000-7000-8000-${String(number).padStart(12, '0')}`
  }
  const engine = createEngine({ store, backend, clock, createUid })
  await talk({
    engine,
    at(time, input) {
      now = Date.parse(time)
      return input
    },
  })
  await engine.sync()
  await engine.close()
  await backend.close()
  await store.close()
}
