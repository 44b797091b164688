import { createMemoryBackend } from '@gitmsg/git-sync'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../engine.js'
import type { MessageDetails } from './read-messages.js'

async function openEngine() {
  const store = await openTemporaryStore()
  const engine = createEngine({ store, backend: createMemoryBackend() })
  return {
    engine,
    store,
    async [Symbol.asyncDispose]() {
      await engine.close()
      await store.close()
    },
  }
}

/** Reads messages until one meets a condition. */
async function readUntil(
  messages: AsyncIterable<MessageDetails>,
  isLast: (message: MessageDetails) => boolean,
): Promise<MessageDetails[]> {
  const read: MessageDetails[] = []
  for await (const message of messages) {
    read.push(message)
    if (isLast(message)) break
  }
  return read
}

const contents = (messages: readonly MessageDetails[]) => messages.map(({ content }) => content)

describe('engine.messages()', () => {
  it('yields what is posted, edited and deleted from now on', async () => {
    await using opened = await openEngine()
    const { engine, store } = opened
    await engine.post({ content: 'before', sender: 'alice' })
    await engine.sync()
    const reading = readUntil(engine.messages(), ({ deleted_at }) => deleted_at !== null)
    await store.position() // the iteration has begun
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    await engine.edit(id, { content: 'two' })
    await engine.sync()
    await engine.remove(id)
    const read = await reading
    expect(contents(read)).not.toContain('before')
    expect(read.at(-1)).toMatchObject({ id, version: 3 })
    const positions = read.map(({ position }) => position)
    expect(positions).toEqual([...new Set(positions)].toSorted((one, other) => one - other))
  })

  it('goes on after a place, over many pages, each message once and as it is now', async () => {
    await using opened = await openEngine()
    const { engine } = opened
    const texts = Array.from({ length: 250 }, (_, index) => `message ${index}`)
    for (const content of texts) await engine.post({ content, sender: 'alice' })
    await engine.sync()
    const all = await readUntil(engine.messages({ after: null }), ({ content }) => content === texts.at(-1))
    expect(contents(all)).toEqual(texts)
    const { epoch } = await engine.position()
    const after = { epoch, position: all[99]?.position ?? 0 }
    const rest = await readUntil(engine.messages({ after }), ({ content }) => content === texts.at(-1))
    expect(contents(rest)).toEqual(texts.slice(100))
  })

  it('yields what another process writes, announced or not', async () => {
    await using opened = await openEngine()
    const { engine, store } = opened
    const reading = readUntil(engine.messages(), () => true)
    await using other = await store.other()
    await using elsewhere = createEngine({ store: other, backend: createMemoryBackend() })
    await elsewhere.post({ content: 'from elsewhere', sender: 'bob' })
    expect(contents(await reading)).toEqual(['from elsewhere'])
  })

  it('throws once its signal aborts, also while it waits', async () => {
    await using opened = await openEngine()
    const controller = new AbortController()
    const next = opened.engine.messages({ signal: controller.signal }).next()
    controller.abort(new Error('enough'))
    await expect(next).rejects.toMatchObject({ code: 'aborted', cause: new Error('enough') })
  })

  it('throws for a place in another order of the feed, and once the store is closed', async () => {
    await using opened = await openEngine()
    const { engine, store } = opened
    const wrong = engine.messages({ after: { epoch: 'ffffffffffffffff', position: 1 } })
    await expect(wrong.next()).rejects.toMatchObject({ code: 'epoch-changed' })
    const next = engine.messages().next()
    const failure = expect(next).rejects.toMatchObject({ code: 'closed' })
    await engine.close()
    await store.close()
    await failure
  })
})
