import { createMemoryBackend, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { openStore } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, vi } from 'vitest'
import { assembleEngine, createEngine } from './engine.js'
import type { SyncEvent } from './sync/progress.js'
import { createSynchronizer } from './sync/synchronizer.js'
import { aroundPublishing } from './testing/faulty-backends.js'
import { historyOf } from './testing/open-node.js'

async function openTestEngine(backend: GitBackend = createMemoryBackend()) {
  const store = await openTemporaryStore()
  const engine = createEngine({ store, backend })
  return {
    engine,
    store,
    backend,
    async [Symbol.asyncDispose]() {
      await engine.close()
      await store.close()
    },
  }
}

const eventually = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 5_000, interval: 10 })

describe('engine', () => {
  it('turns a message into a commit by itself', async () => {
    await using test = await openTestEngine()
    const { id } = await test.engine.post({ content: 'hello', sender: 'alice' })
    await eventually(async () => {
      expect(await test.engine.find(id)).toMatchObject({
        is_synchronized: true,
        sync: { state: 'synchronized' },
      })
    })
    expect(await historyOf(test.backend)).toHaveLength(1)
  })

  it('returns the first message again for the same idempotency key, and stores no second one', async () => {
    await using test = await openTestEngine()
    const input = { content: 'hello', sender: 'alice' }
    const posts = Array.from({ length: 100 }, () => test.engine.post(input, { idempotencyKey: 'key-1' }))
    const ids = new Set((await Promise.all(posts)).map(({ id }) => id))
    expect(ids.size).toBe(1)
    expect(await test.engine.list()).toHaveLength(1)
    await expect(
      test.engine.post({ ...input, content: 'other' }, { idempotencyKey: 'key-1' }),
    ).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  // Covers IN-39
  it.each(['', 'a b', 'é', 'x'.repeat(129)])(
    'post() rejects the idempotency key %j',
    async (idempotencyKey) => {
      await using test = await openTestEngine()
      const post = test.engine.post({ content: 'a', sender: 'b' }, { idempotencyKey })
      await expect(post).rejects.toMatchObject({ code: 'invalid-idempotency-key' })
      expect(await test.engine.list()).toEqual([])
    },
  )

  it.each([0, -1, 1.5, Number.NaN, 2 ** 60, '\ud800', '\0', '', 'absent', 5n, null, {}])(
    'finds nothing for a key that is none: %s',
    async (key) => {
      await using test = await openTestEngine()
      expect(await test.engine.find(key as string)).toBeNull()
    },
  )

  it('sync() resolves when everything is synchronized', async () => {
    await using test = await openTestEngine()
    await test.engine.post({ content: 'hello', sender: 'alice' })
    const status = await test.engine.sync()
    expect(status).toMatchObject({
      state: 'idle',
      pending: 0,
      last_error: null,
      backend: 'memory',
      branch: 'main',
    })
    expect(status.head).toBe(await test.backend.head())
  })

  it('sync() imports the messages of other servers', async () => {
    const repository = createMemoryRepository()
    await using one = await openTestEngine(createMemoryBackend({ repository }))
    await using other = await openTestEngine(createMemoryBackend({ repository }))
    await one.engine.post({ content: 'hello', sender: 'alice' })
    await one.engine.sync()
    await other.engine.sync()
    expect(await other.engine.list()).toMatchObject([{ content: 'hello', is_synchronized: true }])
  })

  it('keeps 200 messages of two servers complete and linear on one branch', async () => {
    const repository = createMemoryRepository()
    await using one = await openTestEngine(createMemoryBackend({ repository }))
    await using other = await openTestEngine(createMemoryBackend({ repository }))
    const posts = Array.from({ length: 200 }, (_, number) =>
      [one, other][number % 2]?.engine.post({ content: `message ${number}`, sender: 'alice' }),
    )
    await Promise.all(posts)
    await eventually(async () => {
      await Promise.all([one.engine.sync(), other.engine.sync()])
      for (const { engine } of [one, other])
        expect(await engine.list({ limit: 1000, synchronized: true })).toHaveLength(200)
    })
    expect(await historyOf(one.backend)).toHaveLength(200)
  })

  // Covers V16.3.4, V16.5.2
  it('reports a failure in the status, and recovers by itself', async () => {
    const memory = createMemoryBackend()
    let broken = true
    const backend = aroundPublishing(memory, (publish) =>
      broken ? Promise.reject(new GitSyncError('unauthorized', 'bad token')) : publish(),
    )
    await using test = await openTestEngine(backend)
    const { id } = await test.engine.post({ content: 'hello', sender: 'alice' })
    const status = await test.engine.sync()
    expect(status).toMatchObject({
      state: 'blocked',
      pending: 1,
      last_error: { code: 'unauthorized', message: 'bad token' },
    })
    expect(status.retry_at).not.toBeNull()
    expect(await test.engine.find(id)).toMatchObject({ sync: { state: 'pending' } })

    broken = false
    await eventually(async () => {
      expect(await test.engine.status()).toMatchObject({ state: 'idle', pending: 0, last_error: null })
    })
  })

  it('post() stores nothing if its signal has aborted', async () => {
    await using test = await openTestEngine()
    const post = test.engine.post({ content: 'hello', sender: 'alice' }, { signal: AbortSignal.abort() })
    await expect(post).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
    expect(await test.engine.list()).toEqual([])
  })

  it('sync() rejects when its signal aborts, without stopping the synchronization', async () => {
    const memory = createMemoryBackend()
    const controller = new AbortController()
    const backend = aroundPublishing(memory, (publish) => {
      controller.abort(new Error('enough'))
      return publish()
    })
    await using test = await openTestEngine(backend)
    await test.engine.post({ content: 'hello', sender: 'alice' })
    await expect(test.engine.sync({ signal: controller.signal })).rejects.toThrow('enough')
    await expect(test.engine.sync({ signal: controller.signal })).rejects.toThrow('enough')
    await eventually(async () => expect(await historyOf(memory)).toHaveLength(1))
  })

  it('emits progress events, and survives a listener that throws', async () => {
    const memory = createMemoryBackend()
    let broken = true
    const backend = aroundPublishing(memory, (publish) =>
      broken ? Promise.reject(new GitSyncError('unavailable', 'down')) : publish(),
    )
    await using store = await openTemporaryStore()
    const states: string[] = []
    const onEvent = (event: SyncEvent) => {
      if (event.type === 'progress') states.push(event.progress.state)
      throw new Error('listener')
    }
    await using engine = createEngine({ store, backend, onEvent })
    await engine.post({ content: 'hello', sender: 'alice' })
    await engine.sync()
    broken = false
    await eventually(async () => expect((await engine.sync()).pending).toBe(0))
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual(
      expect.arrayContaining(['syncing', 'backing_off', 'idle']),
    )
  })

  it('sends nothing while rate limited, not even for sync()', async () => {
    const memory = createMemoryBackend()
    let asked = 0
    const limited = () => {
      asked += 1
      return Promise.reject(new GitSyncError('rate-limited', 'slow down', { retryAfter: 60_000 }))
    }
    await using test = await openTestEngine(aroundPublishing(memory, limited))
    await test.engine.post({ content: 'hello', sender: 'alice' })
    await eventually(async () => expect((await test.engine.status()).state).toBe('backing_off'))
    await test.engine.sync()
    await test.engine.sync()
    expect(asked).toBe(1)
  })

  it('leaves pending messages to the next engine on the store', async () => {
    const memory = createMemoryBackend()
    const down = () => Promise.reject(new GitSyncError('unavailable', 'down'))
    await using test = await openTestEngine(aroundPublishing(memory, down))
    await test.engine.post({ content: 'hello', sender: 'alice' })
    await test.engine.sync()
    await test.engine.close()

    const next = createEngine({ store: test.store, backend: memory })
    expect(await next.sync()).toMatchObject({ pending: 0 })
    await next.close()
  })

  it('serves from two engines on one database, of which one synchronizes', async () => {
    await using test = await openTestEngine()
    await using second = await openStore({ path: test.store.path })
    const backend = aroundPublishing(createMemoryBackend(), () => Promise.reject(new Error('never')))
    await using standby = createEngine({ store: second, backend })
    await test.engine.sync()
    await standby.post({ content: 'by the standby', sender: 'alice' })
    await eventually(async () => {
      expect(await standby.list()).toMatchObject([{ content: 'by the standby', is_synchronized: true }])
    })
  })

  it('emits attempt and synchronized events', async () => {
    let isDown = true
    const backend = aroundPublishing(createMemoryBackend(), async (publish) => {
      if (isDown) throw new GitSyncError('unavailable', 'down')
      return publish()
    })
    await using store = await openTemporaryStore()
    const events: SyncEvent[] = []
    const engine = createEngine({
      store,
      backend,
      onEvent: (event) => void (event.type !== 'progress' && events.push(event)),
    })
    await engine.post({ content: 'a', sender: 'alice' })
    await engine.post({ content: 'b', sender: 'alice' })
    await engine.sync()
    const attempt = (outcome: string) => ({ type: 'attempt', outcome, milliseconds: expect.any(Number) })
    expect(events.at(-1)).toEqual(attempt('unknown'))
    isDown = false
    await engine.sync()
    expect(events.slice(-2)).toEqual([{ type: 'synchronized', messages: 2 }, attempt('ok')])
    await engine.close()
  })

  it('post() rejects after close(), and stores nothing', async () => {
    await using test = await openTestEngine()
    await test.engine.close()
    await expect(test.engine.post({ content: 'late', sender: 'alice' })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'closed',
    })
    expect(await test.store.listMessages()).toEqual([])
  })

  it('gives messages uids in the order of posting', async () => {
    await using test = await openTestEngine()
    const uids: string[] = []
    for (let number = 0; number < 500; number += 1) {
      uids.push((await test.engine.post({ content: 'x', sender: 'alice' })).uid)
    }
    expect(uids).toEqual(uids.toSorted())
    expect(new Set(uids).size).toBe(500)
  })

  it.each([
    ['createEngine', () => createEngine({ fetchIntervall: 1 } as never)],
    ['assembleEngine', () => assembleEngine({ synchroniser: {} } as never)],
    ['createSynchronizer', () => createSynchronizer({ loger: {} } as never)],
  ])('%s() rejects a misspelt option by its name', (name, create) => {
    expect(create).toThrow(new RegExp(`${name}: unknown option "(?:fetchIntervall|synchroniser|loger)"`))
  })

  it.each([undefined, null, 'options'])('createEngine() rejects %s', (options) => {
    expect(() => createEngine(options as never)).toThrow(/options must be an object/)
  })
})
