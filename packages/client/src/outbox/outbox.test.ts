import { IDBFactory } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type ClientOptions,
  createClient,
  createIndexedDbStorage,
  createMemoryStorage,
  type NewMessage,
  type OutboxStorage,
} from '../index.js'
import { createManualTimers } from '../testing/manual-timers.js'
import { until } from '../testing/until.js'

afterEach(() => vi.unstubAllGlobals())

type Outcome = 'store' | 'lose' | 'away' | number

/** A server that stores messages by idempotency key, and whose responses a test decides. */
function createFakeServer(outcomes: Outcome[] = []) {
  const stored: NewMessage[] = []
  const requests: { readonly key: string; readonly content: string }[] = []
  const ids = new Map<string, number>()
  let inFlight = 0
  const fetch = async (_: unknown, init: RequestInit = {}) => {
    inFlight += 1
    if (inFlight > 1) throw new Error('Two requests at once')
    try {
      await new Promise((resolve) => setTimeout(resolve, 1))
      const headers = new Headers(init.headers)
      const key = headers.get('Idempotency-Key') ?? ''
      const message = JSON.parse(String(init.body)) as NewMessage
      requests.push({ key, content: message.content })
      const outcome = outcomes.shift() ?? 'store'
      if (outcome === 'away') throw new TypeError('fetch failed')
      if (typeof outcome === 'number') {
        const error = { code: `code_${outcome}`, message: 'Text.', field: 'content' }
        return Response.json({ status: 'error', error }, { status: outcome })
      }
      if (!ids.has(key)) ids.set(key, stored.push(message))
      if (outcome === 'lose') throw new TypeError('fetch failed')
      return Response.json({ status: 'success', message_id: ids.get(key) }, { status: 201 })
    } finally {
      inFlight -= 1
    }
  }
  return { fetch: fetch as typeof globalThis.fetch, outcomes, stored, requests }
}

function openOutbox(
  server: ReturnType<typeof createFakeServer>,
  storage?: OutboxStorage,
  options: Partial<ClientOptions> = {},
) {
  const client = createClient({ url: 'http://localhost', fetch: server.fetch, random: () => 0, ...options })
  return client.outbox({ storage })
}

const message = (content: string): NewMessage => ({ content, sender: 'alice' })
const contents = (messages: readonly NewMessage[]) => messages.map(({ content }) => content)

/** The Web Locks API, as far as an outbox uses it. */
function createLocks() {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    held: 0,
    async request(_: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) {
      const before = tail
      const mine = (async () => {
        await Promise.race([before, new Promise((resolve) => signal.addEventListener('abort', resolve))])
        if (signal.aborted) throw signal.reason
        this.held += 1
        await work().finally(() => {
          this.held -= 1
        })
      })()
      tail = Promise.all([before, mine]).catch(() => {})
      return mine
    },
  }
}

describe('an outbox', () => {
  it('shows a message at once, and sends all in order', async () => {
    const server = createFakeServer()
    await using outbox = openOutbox(server)
    const sent: unknown[] = []
    outbox.on('sent', ({ entry, message_id }) => sent.push([entry.message.content, message_id]))
    const texts = ['one', 'two', 'three']
    for (const text of texts)
      expect(outbox.post(message(text))).toMatchObject({ state: 'waiting', error: null })
    expect(outbox.entries.map((entry) => entry.message.content)).toEqual(texts)
    await outbox.idle()
    expect(contents(server.stored)).toEqual(texts)
    expect(sent).toEqual([
      ['one', 1],
      ['two', 2],
      ['three', 3],
    ])
    expect(outbox.entries).toEqual([])
  })

  it('saved() resolves when the next outbox on the storage has the messages', async () => {
    const storage = createMemoryStorage()
    const slow = {
      ...storage,
      async save(entry: Parameters<OutboxStorage['save']>[0]) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        await storage.save(entry)
      },
    }
    await using outbox = openOutbox(createFakeServer(Array(50).fill('away')), slow)
    const texts = ['one', 'two', 'three']
    for (const text of texts) outbox.post(message(text))
    await outbox.saved()
    expect((await storage.load()).map((entry) => entry.message.content)).toEqual(texts)
  })

  it('sends again with the same key until there is a response, and each message once', async () => {
    const server = createFakeServer(['away', 'lose', 500, 502, 503, 429, 507, 408, 'lose', 'store'])
    await using outbox = openOutbox(server)
    const errors: unknown[] = []
    outbox.on('error', (error) => errors.push(error))
    outbox.post(message('one'))
    outbox.post(message('two'))
    await outbox.idle()
    expect(contents(server.stored)).toEqual(['one', 'two'])
    expect(new Set(server.requests.slice(0, 10).map(({ key }) => key)).size).toBe(1)
    expect(errors).toHaveLength(9)
  })

  it('waits as long as Retry-After says', async () => {
    const clock = createManualTimers()
    const requests: number[] = []
    const fetch = async () => {
      requests.push(clock.timers.now())
      const error = { code: 'storage_full', message: 'Text.' }
      return Response.json({ status: 'error', error }, { status: 507, headers: { 'Retry-After': '60' } })
    }
    const client = createClient({ url: 'http://localhost', fetch, timers: clock.timers, random: () => 0 })
    await using outbox = client.outbox()
    const errors: unknown[] = []
    outbox.on('error', (error) => errors.push(error))
    outbox.post(message('one'))
    await until(() => errors.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    clock.pass(59_999)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(requests).toHaveLength(1)
    clock.pass(1)
    await until(() => requests.length === 2)
  })

  it('makes a rejected message a failure, and goes on with the next', async () => {
    const server = createFakeServer([422, 'store', 403])
    await using outbox = openOutbox(server)
    const failures: unknown[] = []
    outbox.on('failed', ({ error }) => failures.push(error))
    for (const text of ['bad', 'good', 'forbidden']) outbox.post(message(text))
    await outbox.idle()
    expect(contents(server.stored)).toEqual(['good'])
    expect(failures).toEqual([
      { code: 'code_422', message: 'Text.', status: 422, field: 'content' },
      { code: 'code_403', message: 'Text.', status: 403, field: 'content' },
    ])
    expect(outbox.entries.map(({ state, message }) => [state, message.content])).toEqual([
      ['failed', 'bad'],
      ['failed', 'forbidden'],
    ])
  })

  it('sends a failure again: edited with another key, as it is with the same', async () => {
    const server = createFakeServer([422, 422, 422])
    await using outbox = openOutbox(server)
    const [first, second, third] = ['a', 'b', 'c'].map((text) => outbox.post(message(text)))
    await outbox.idle()
    await outbox.edit(first?.id ?? '', message('A'))
    await outbox.discard(third?.id ?? '')
    await outbox.retry()
    await outbox.idle()
    expect(contents(server.stored).toSorted()).toEqual(['A', 'b'])
    const keys = (text: string) =>
      server.requests.filter(({ content }) => content === text).map(({ key }) => key)
    expect(keys('b')).toEqual([second?.key, second?.key])
    expect(keys('A')).not.toContain(first?.key)
    expect(outbox.entries).toEqual([])
    for (const act of [outbox.retry, outbox.discard]) {
      await expect(act(first?.id ?? '')).rejects.toMatchObject({ code: 'invalid-argument' })
    }
  })

  it('does not send again by itself when the server may have forgotten the key', async () => {
    const server = createFakeServer(['lose'])
    let time = Date.now()
    const timers = {
      now: () => time,
      setTimeout: (callback: () => void, delayMs: number) => setTimeout(callback, Math.min(delayMs, 5)),
      clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
    }
    const storage = createMemoryStorage()
    const outbox = openOutbox(server, storage, { timers, random: () => 0.99 })
    outbox.post(message('one'))
    await until(() => server.requests.length === 1)
    await outbox.close()
    time += 24 * 3_600_000
    await using next = openOutbox(server, storage, { timers })
    await next.idle()
    expect(next.entries).toMatchObject([{ state: 'failed', error: { code: 'outcome-unknown' } }])
    expect(server.requests).toHaveLength(1)
    await next.retry()
    await next.idle()
    expect(contents(server.stored)).toEqual(['one'])
  })

  it('does not try while the browser knows that there is no network', async () => {
    const target = new EventTarget()
    const navigator = { onLine: false }
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
    vi.stubGlobal('navigator', navigator)
    const server = createFakeServer()
    await using outbox = openOutbox(server, undefined, { random: () => 0.99 })
    outbox.post(message('one'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(server.requests).toEqual([])
    navigator.onLine = true
    target.dispatchEvent(new Event('online'))
    await outbox.idle()
    expect(contents(server.stored)).toEqual(['one'])
  })

  it('sends what the storage cannot save, and reports it', async () => {
    const server = createFakeServer()
    const full = async () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    await using outbox = openOutbox(server, { load: full, save: full, remove: full })
    const errors: unknown[] = []
    outbox.on('error', (error) => errors.push(error))
    for (const text of ['one', 'two']) outbox.post(message(text))
    await outbox.idle()
    expect(contents(server.stored)).toEqual(['one', 'two'])
    expect(errors).not.toEqual([])
  })

  it('takes nothing after close()', async () => {
    const outbox = openOutbox(createFakeServer())
    await outbox.close()
    expect(() => outbox.post(message('late'))).toThrow(expect.objectContaining({ code: 'closed' }))
    await expect(outbox.idle()).rejects.toMatchObject({ code: 'closed' })
  })
})

describe('an outbox in IndexedDB', () => {
  const storage = (indexedDB: object) => createIndexedDbStorage({ indexedDB })

  it('sends what an earlier page has left, in order', async () => {
    const indexedDB = new IDBFactory()
    const away = createFakeServer(Array<Outcome>(1000).fill('away'))
    const before = openOutbox(away, storage(indexedDB), { random: () => 0.99 })
    for (const text of ['one', 'two', 'three']) before.post(message(text))
    await until(() => away.requests.length === 1)
    await before.close()
    const server = createFakeServer()
    await using after = openOutbox(server, storage(indexedDB))
    await after.ready
    expect(after.entries.map((entry) => entry.message.content)).toEqual(['one', 'two', 'three'])
    await after.idle()
    expect(contents(server.stored)).toEqual(['one', 'two', 'three'])
    expect(server.requests[0]?.key).toBe(away.requests[0]?.key)
  })

  it('keeps a failure for the next page', async () => {
    const indexedDB = new IDBFactory()
    const before = openOutbox(createFakeServer([422]), storage(indexedDB))
    before.post(message('bad'))
    await before.idle()
    await before.close()
    await using after = openOutbox(createFakeServer(), storage(indexedDB))
    await after.ready
    expect(after.entries).toMatchObject([{ state: 'failed', error: { status: 422 } }])
  })

  it('is sent by one tab, which also sends what others post, and by another when that is closed', async () => {
    const indexedDB = new IDBFactory()
    const locks = createLocks()
    vi.stubGlobal('navigator', { locks })
    const servers = [createFakeServer(), createFakeServer()] as const
    const first = openOutbox(servers[0], storage(indexedDB))
    await first.ready
    await using second = openOutbox(servers[1], storage(indexedDB))
    await second.ready
    const heard: string[] = []
    second.on('sent', ({ entry }) => heard.push(entry.message.content))
    for (const text of ['one', 'two']) second.post(message(text))
    first.post(message('three'))
    await until(() => heard.length === 3 && second.entries.length === 0)
    expect(contents(servers[0].stored).toSorted()).toEqual(['one', 'three', 'two'])
    expect([servers[1].requests, locks.held]).toEqual([[], 1])
    await first.close()
    second.post(message('four'))
    await second.idle()
    expect(contents(servers[1].stored)).toEqual(['four'])
  })

  it('sends from two tabs without locks under one key, so that the server stores a message once', async () => {
    const indexedDB = new IDBFactory()
    vi.stubGlobal('navigator', {})
    const keys: string[] = []
    const fetch = async (_: unknown, init: RequestInit = {}) => {
      keys.push(new Headers(init.headers).get('Idempotency-Key') ?? '')
      return Response.json({ status: 'success', message_id: 1 }, { status: 201 })
    }
    const tabs = [1, 2].map(() =>
      createClient({ url: 'http://localhost', fetch }).outbox({ storage: storage(indexedDB) }),
    )
    const entry = tabs[0]?.post(message('one'))
    await Promise.all(tabs.map((tab) => tab.idle()))
    expect(new Set(keys)).toEqual(new Set([entry?.key]))
    await Promise.all(tabs.map((tab) => tab.close()))
  })
})
