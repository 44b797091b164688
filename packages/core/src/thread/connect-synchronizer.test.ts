import { setTimeout as pause } from 'node:timers/promises'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createMemoryBackend, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, vi } from 'vitest'
import { assembleEngine } from '../engine.js'
import type { SyncEvent } from '../sync/progress.js'
import { aroundPublishing } from '../testing/faulty-backends.js'
import { historyOf } from '../testing/open-node.js'
import { connectSynchronizer } from './connect-synchronizer.js'
import { serveSynchronizer, type ToSynchronizer } from './serve-synchronizer.js'

const hello = { content: 'hello', sender: 'alice' }
const eventually = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 5_000, interval: 10 })

/** Both ends in one thread, which is all the same to a port: two stores on one file, one with the backend. */
async function openBothEnds(backend: GitBackend = createMemoryBackend()) {
  const { port1: thread, port2: farPort } = new MessageChannel()
  const store = await openTemporaryStore()
  const farStore = await openStore({ path: store.path })
  const events: SyncEvent[] = []
  const served = serveSynchronizer({ port: farPort, store: farStore, backend })
  const onEvent = (event: SyncEvent) => void events.push(event)
  const synchronizer = await connectSynchronizer({ thread, store, onEvent, clock: () => 0 })
  const engine = assembleEngine({ store, synchronizer })
  return {
    engine,
    store,
    backend,
    events,
    farPort,
    served,
    async [Symbol.asyncDispose]() {
      await engine.close()
      await farStore.close()
      await store.close()
    },
  }
}

describe('an engine with its synchronizer in another thread', () => {
  it('turns a message into a commit by itself', async () => {
    await using test = await openBothEnds()
    const { id } = await test.engine.post(hello)
    await eventually(async () => {
      expect(await test.engine.find(id)).toMatchObject({ sync: { state: 'synchronized' } })
    })
    expect(await historyOf(test.backend)).toHaveLength(1)
  })

  it('sync() resolves when everything is synchronized, and events come across', async () => {
    await using test = await openBothEnds()
    await test.engine.post(hello)
    expect(await test.engine.sync()).toMatchObject({
      backend: 'memory',
      branch: 'main',
      remote: null,
      head: await test.backend.head(),
      state: 'idle',
      pending: 0,
    })
    expect(test.events).toContainEqual({ type: 'synchronized', messages: 1 })
    expect(test.events.map(({ type }) => type)).toContain('progress')
  })

  it('reports a failure over there and the time of the retry', async () => {
    const down = async () => {
      await pause(30) // so that it is asked for during an attempt, after which another begins at once
      throw new GitSyncError('unavailable', 'down')
    }
    await using test = await openBothEnds(aroundPublishing(createMemoryBackend(), down))
    await test.engine.post(hello)
    expect(await test.engine.sync()).toMatchObject({
      state: 'backing_off',
      pending: 1,
      last_error: { code: 'unavailable', message: 'down' },
      retry_at: expect.any(String),
    })
  })

  it('sync() rejects when its signal aborts', async () => {
    let publish = () => {}
    const held = new Promise<void>((resolve) => {
      publish = resolve
    })
    const slow = aroundPublishing(createMemoryBackend(), async (publishing) => {
      await held
      return publishing()
    })
    await using test = await openBothEnds(slow)
    await test.engine.post(hello)
    const waiting = test.engine.sync({ signal: AbortSignal.timeout(20) })
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' })
    publish()
    expect(await test.engine.sync()).toMatchObject({ pending: 0 })
  })

  it('close() ends the other thread, and leaves pending messages to the next engine', async () => {
    const down = () => Promise.reject(new GitSyncError('unavailable', 'down'))
    await using test = await openBothEnds(aroundPublishing(createMemoryBackend(), down))
    await test.engine.post(hello)
    await test.engine.close()
    await test.served
    expect(await test.store.summary()).toMatchObject({ pending: 1 })
    expect(await test.store.acquireSyncLock()).not.toBeNull()
    expect(await test.engine.sync()).toMatchObject({ pending: 1 })
  })

  it('reports a blocked state once the other thread ended unexpectedly', async () => {
    await using test = await openBothEnds()
    test.farPort.close()
    await test.served
    const blocked = {
      state: 'blocked',
      last_error: {
        code: 'internal',
        message: expect.stringMatching(/ended/),
        at: '1970-01-01T00:00:00.000Z',
      },
      retry_at: null,
    }
    expect(await test.engine.sync()).toMatchObject(blocked)
    expect(test.events.at(-1)).toEqual({ type: 'progress', progress: blocked })
    await test.engine.post(hello)
    expect(await test.engine.status()).toMatchObject({ pending: 1, state: 'blocked' })
  })
})

describe('connectSynchronizer()', () => {
  it('sends one message for all posts of a turn of the event loop', async () => {
    const { port1: thread, port2: farPort } = new MessageChannel()
    await using store = await openTemporaryStore()
    const said = listenTo(farPort)
    const connecting = connectSynchronizer({ thread, store })
    farPort.postMessage({ type: 'started', info: { name: 'memory', remote: null, branch: 'main' } })
    const { wake } = await connecting
    for (let turn = 0; turn < 2; turn += 1) {
      for (let post = 0; post < 3; post += 1) wake()
      await new Promise(setImmediate)
    }
    await eventually(async () => expect(said).toHaveLength(2))
    expect(said).toEqual([
      { type: 'posted', messages: 3 },
      { type: 'posted', messages: 3 },
    ])
    farPort.close()
  })

  it('rejects if the other end closes before it has started', async () => {
    const { port1: thread, port2: farPort } = new MessageChannel()
    await using store = await openTemporaryStore()
    const connecting = connectSynchronizer({ thread, store })
    farPort.close()
    await expect(connecting).rejects.toThrow(/ended/)
  })
})

function listenTo(port: MessagePort): ToSynchronizer[] {
  const said: ToSynchronizer[] = []
  port.on('message', (asked: ToSynchronizer) => void said.push(asked))
  return said
}
