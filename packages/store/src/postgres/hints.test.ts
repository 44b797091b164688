import { findPostgres, query, startCuttingProxy } from '@gitmsg/test-postgres'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { newMessage } from '../testing/messages.js'
import { createStoreDatabases } from '../testing/postgres-databases.js'
import { openPostgresStore } from './index.js'

const LISTENERS =
  "from pg_stat_activity where application_name = 'gitmsg hints' and datname = current_database()"
const PATIENCE = { timeout: 15_000 }

const server = await findPostgres()

describe.skipIf(server === null)('onChange() on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  const countListeners = async (url: string): Promise<number> =>
    (await query<{ count: number }>(url, `select count(*)::int as count ${LISTENERS}`))[0]?.count ?? 0

  /** A store that writes, and one with a listener that has been called once: when it began to listen. */
  async function openTwo() {
    const url = await databases.take()
    const proxy = await startCuttingProxy(url)
    const writer = await openPostgresStore({ url, connections: 2 })
    const reader = await openPostgresStore({ url, listenUrl: proxy.url, connections: 2 })
    const listener = vi.fn()
    const stop = reader.onChange?.(listener)
    await expect.poll(() => listener.mock.calls.length, PATIENCE).toBe(1)
    return {
      ...{ url, proxy, writer, reader, listener, stop },
      async [Symbol.asyncDispose]() {
        await Promise.all([writer.close(), reader.close()])
        await proxy[Symbol.asyncDispose]()
        await databases.giveBack(url)
      },
    }
  }

  it('calls the listener after a write of another store, once for a group', async () => {
    await using test = await openTwo()
    await Promise.all([1, 2, 3].map(() => test.writer.createMessage(newMessage())))
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(2)
    await test.writer.deleteMessage({ key: 1, updated_at: new Date().toISOString() })
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(3)
    expect(await test.reader.listMessages()).toHaveLength(2)
  })

  it('calls the listener again after its connection was terminated, for what it may have missed', async () => {
    await using test = await openTwo()
    expect(await query(test.url, `select pg_terminate_backend(pid) ${LISTENERS}`)).toHaveLength(1)
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(2)
    await test.writer.createMessage(newMessage())
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(3)
  })

  it('listens again once a server that was away is back, and everything else works meanwhile', async () => {
    await using test = await openTwo()
    test.proxy.disconnect()
    const before = await test.reader.revision()
    await test.writer.createMessage(newMessage())
    expect(await test.reader.revision()).not.toBe(before)
    expect(await test.reader.listMessages()).toHaveLength(1)
    expect(test.listener).toHaveBeenCalledOnce()
    test.proxy.reconnect()
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(2)
  })

  it('has a connection as long as there are listeners, and calls none after it was stopped', async () => {
    await using test = await openTwo()
    const other = vi.fn()
    const stopOther = test.reader.onChange?.(other)
    test.stop?.()
    await test.writer.createMessage(newMessage())
    await expect.poll(() => other.mock.calls.length, PATIENCE).toBe(1)
    expect(test.listener).toHaveBeenCalledOnce()
    expect(await countListeners(test.url)).toBe(1)
    stopOther?.()
    await expect.poll(() => countListeners(test.url), PATIENCE).toBe(0)
    const last = vi.fn()
    test.reader.onChange?.(last)
    await expect.poll(() => last.mock.calls.length, PATIENCE).toBe(1)
    await test.reader.close()
    await expect.poll(() => countListeners(test.url), PATIENCE).toBe(0)
  })

  it('can be stopped before it listens, and its store closed', async () => {
    const url = await databases.take()
    const store = await openPostgresStore({ url })
    for (const _ of [1, 2, 3]) store.onChange?.(() => {})()
    store.onChange?.(() => {})
    await store.close()
    await databases.giveBack(url)
  })

  it('does not keep a store from closing while its server does not respond', async () => {
    await using test = await openTwo()
    test.proxy.freeze()
    await test.reader.close()
    test.proxy.thaw()
    await test.writer.createMessage(newMessage())
    expect(test.listener).toHaveBeenCalledOnce()
  })

  it('is not there without a URL to listen to, and such a store announces nothing', async () => {
    await using test = await openTwo()
    await using silent = await openPostgresStore({ url: test.url, listenUrl: null })
    expect(silent.onChange).toBeUndefined()
    await silent.createMessage(newMessage())
    await test.writer.createMessage(newMessage())
    await expect.poll(() => test.listener.mock.calls.length, PATIENCE).toBe(2)
  })
})
