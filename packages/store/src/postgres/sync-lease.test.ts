import { findPostgres, query, startCuttingProxy } from '@gitmsg/test-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SyncLock } from '../index.js'
import { createStoreDatabases } from '../testing/postgres-databases.js'
import { buildStoreProgram } from '../testing/processes/start-store-process.js'
import { openConnections } from './connections.js'
import { openPostgresStore } from './index.js'
import { createSyncLease } from './sync-lease.js'

const TIMES = { leaseMs: 1_500, renewMs: 300, retryMs: 100 }
const CURSOR = { commit: 'of another', format: 1 }
/** What time does to a lease that is not renewed. */
const EXPIRE = "update gitmsg.sync_lease set expires_at = clock_timestamp() - interval '1 second'"

const server = await findPostgres()

describe.skipIf(server === null)('the sync lease', () => {
  const databases = createStoreDatabases(server ?? '')
  let program: Awaited<ReturnType<typeof buildStoreProgram>>
  beforeAll(async () => {
    program = await buildStoreProgram()
  })
  afterAll(async () => {
    await program.remove()
    await databases[Symbol.asyncDispose]()
  })

  /** Two holders, of which the first is behind a proxy. */
  async function openHolders() {
    const url = await databases.take()
    const proxy = await startCuttingProxy(url)
    const all = [proxy.url, url].map((of) => openConnections({ url: of, schema: 'gitmsg', connections: 2 }))
    const [first, second] = all.map((connections) => createSyncLease(connections, 'gitmsg', TIMES))
    return {
      proxy,
      first: first as ReturnType<typeof createSyncLease>,
      second: second as ReturnType<typeof createSyncLease>,
      async [Symbol.asyncDispose]() {
        await Promise.all(all.map((connections) => connections.close()))
        await proxy[Symbol.asyncDispose]()
        await databases.giveBack(url)
      },
    }
  }

  const lossOf = ({ lost }: SyncLock) =>
    new Promise((resolve) => lost.addEventListener('abort', () => resolve(lost.reason)))

  it('is kept beyond its time by renewals, and given back at once', async () => {
    await using test = await openHolders()
    const lock = (await test.first.acquire()) as SyncLock
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMES.leaseMs))
    expect(await test.second.acquire()).toBeNull()
    expect(lock.lost.aborted).toBe(false)
    await lock.release()
    const next = (await test.second.acquire()) as SyncLock
    expect(test.second.termOf(next).number).toBeGreaterThan(0)
    expect(() => test.first.termOf(lock)).toThrow(expect.objectContaining({ code: 'lock-lost' }))
    await next.release()
  })

  it('is lost by a holder that cannot reach the database, before another one can take it', async () => {
    await using test = await openHolders()
    const lock = (await test.first.acquire()) as SyncLock
    const { number } = test.first.termOf(lock)
    test.proxy.disconnect()
    let next: SyncLock | null = null
    while (!next) {
      next = await test.second.acquire()
      if (next) expect(lock.lost.aborted).toBe(true)
      else await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(lock.lost.reason).toMatchObject({ name: 'StoreError', code: 'lock-lost' })
    expect(test.second.termOf(next).number).toBe(number + 1)
    await lock.release()
    await next.release()
  })

  it('is lost by a holder that finds it taken when it renews', async () => {
    await using test = await openHolders()
    const lock = (await test.first.acquire()) as SyncLock
    const loss = lossOf(lock)
    let next: SyncLock | null = null
    while (!next) {
      await query(test.proxy.url, EXPIRE)
      next = await test.second.acquire() // unless it was renewed in between
    }
    expect(await loss).toMatchObject({ name: 'StoreError', code: 'lock-lost' })
    expect(next.lost.aborted).toBe(false)
    await next.release()
  })

  it('a holder that is frozen, and wakes after another one took over, settles nothing any more', async () => {
    const url = await databases.take()
    const store = await openPostgresStore({ url })
    const holder = program.start('settle', url)
    await holder.printed(3)
    expect(holder.lines).toContain('settled')
    holder.child.kill('SIGSTOP')
    await query(url, EXPIRE)
    const lock = (await store.acquireSyncLock()) as SyncLock
    await store.settle({ cursor: CURSOR }, { lock })

    holder.child.kill('SIGCONT')
    await holder.exited()
    expect(holder.lines.slice(-2).sort()).toEqual(['lock-lost', 'lost'])
    expect(await store.cursor()).toEqual(CURSOR)
    expect(lock.lost.aborted).toBe(false)
    await store.close()
    await databases.giveBack(url)
  })

  it('of a holder that is killed is taken over by another process', async () => {
    const url = await databases.take()
    const holder = program.start('lock', url)
    await holder.printed(1)
    expect(holder.lines).toEqual(['locked'])
    holder.child.kill('SIGKILL')
    await holder.exited()
    const heir = await openPostgresStore({ url })
    await expect.poll(() => heir.acquireSyncLock(), { timeout: 20_000 }).not.toBeNull()
    await heir.close()
    await databases.giveBack(url)
  })

  it('of a holder that is killed is free once it has expired, and no sooner', async () => {
    const url = await databases.take()
    const store = await openPostgresStore({ url })
    const holder = program.start('settle', url)
    await holder.printed(1)
    holder.child.kill('SIGKILL')
    await holder.exited()
    expect(await store.acquireSyncLock()).toBeNull()
    await query(url, EXPIRE)
    expect(await store.acquireSyncLock()).not.toBeNull()
    await store.close()
    await databases.giveBack(url)
  })
})
