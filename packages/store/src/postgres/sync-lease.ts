import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { StoreError } from '../store-error.js'
import type { SyncLock } from '../synchronization.js'
import type { Connections } from './connections.js'

/** The times of a lease, in milliseconds. */
interface LeaseTimes {
  /** After this time without a renewal, another holder may take over. */
  readonly leaseMs: number
  readonly renewMs: number
  /** How soon a renewal that failed is tried again. */
  readonly retryMs: number
}

const TIMES: LeaseTimes = { leaseMs: 10_000, renewMs: 3_000, retryMs: 1_000 }

/** Who holds the lease: no two holders ever have the same number. */
export interface Term {
  readonly holder: string
  readonly number: number
}

/** The sync locks of one store. */
export interface SyncLease {
  /** @see {@link Store.acquireSyncLock} */
  acquire(): Promise<SyncLock | null>
  /** @throws StoreError `lock-lost` unless {@link SyncLease.acquire} resolved with this lock, and it is held */
  termOf(lock: SyncLock): Term
  /** Tells a holder that a write has found the lock lost. */
  lose(lock: SyncLock): void
  /** Gives the lease back if it is held. */
  releaseAll(): Promise<void>
}

interface Held {
  readonly term: Term
  lose(): void
}

/**
 * A lease in a row, by the clock of the database. It is renewed while its holder lives, and given back when it ends. One
 * that dies or is frozen loses it; what it still writes then is rejected, because each write checks the term.
 */
export function createSyncLease(
  connections: Connections,
  schema: string,
  { leaseMs, renewMs, retryMs }: LeaseTimes = TIMES,
): SyncLease {
  const expiry = `clock_timestamp() + interval '${leaseMs} milliseconds'`
  const held = new Map<SyncLock, Held>()

  /** Resolves with the number of the term, if the update found the row to be as expected. */
  async function update(set: string, condition: string): Promise<number | undefined> {
    return connections.run(async ({ client }) => {
      const table = `${client.escapeIdentifier(schema)}.sync_lease`
      const { rows } = await client.query(`update ${table} set ${set} where ${condition} returning term`)
      return rows[0]?.term
    })
  }

  async function acquire(): Promise<SyncLock | null> {
    const holder = randomUUID()
    const startedAt = performance.now()
    const number = await update(
      `holder = '${holder}', term = term + 1, expires_at = ${expiry}`,
      'holder is null or expires_at < clock_timestamp()',
    )
    return number === undefined ? null : hold({ holder, number }, startedAt)
  }

  /** Keeps the lease until it is released. It counts from when a request began: the database's clock starts later. */
  function hold(term: Term, startedAt: number): SyncLock {
    const losing = new AbortController()
    const isHolder = `holder = '${term.holder}' and term = ${term.number}`
    let renewal = later(renew, renewMs)
    let end = later(lose, startedAt + leaseMs - performance.now())

    async function renew(): Promise<void> {
      const renewedAt = performance.now()
      const number = await update(`expires_at = ${expiry}`, isHolder).catch(() => null)
      if (!held.has(lock)) return
      if (number === undefined) return lose()
      if (number !== null) {
        clearTimeout(end)
        end = later(lose, renewedAt + leaseMs - performance.now())
      }
      renewal = later(renew, number === null ? retryMs : renewMs)
    }

    function lose(): void {
      forget()
      losing.abort(new StoreError('lock-lost', 'the sync lock was lost'))
    }

    function forget(): void {
      held.delete(lock)
      clearTimeout(renewal)
      clearTimeout(end)
    }

    const lock: SyncLock = {
      lost: losing.signal,
      async release() {
        if (!held.has(lock)) return
        forget()
        // If this fails, the lease ends by itself.
        await update('holder = null, expires_at = null', isHolder).catch(() => {})
      },
    }
    held.set(lock, { term, lose })
    return lock
  }

  return {
    acquire,
    termOf(lock) {
      const known = held.get(lock)
      if (!known) throw new StoreError('lock-lost', 'the sync lock is not held any more')
      return known.term
    },
    lose: (lock) => held.get(lock)?.lose(),
    async releaseAll() {
      await Promise.all([...held.keys()].map((lock) => lock.release()))
    },
  }
}

/** A timer that does not keep the process alive. */
const later = (work: () => void, delayMs: number): NodeJS.Timeout => setTimeout(work, delayMs).unref()
