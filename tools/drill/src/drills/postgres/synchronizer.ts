import { query } from '@gitmsg/test-postgres/databases'
import pg from 'pg'
import type { RunningServer } from '../../rig/server.js'
import { pause, until } from '../../rig/wait.js'
import type { Fleet } from './fleet.js'

/** Servers attempt to synchronize at least once in this time, with the fetch interval of the drills. */
const ATTEMPT_MS = 1_500
const FIND_TIMEOUT_MS = 60_000

/** The lease of the server that synchronizes, and the last commit whose content is stored. */
export interface Lease {
  readonly holder: string | null
  readonly term: number
  readonly commit: string | null
}

const LEASE = `select holder, term::int, "commit" from gitmsg.sync_lease, gitmsg.cursor`

/** Reads the lease as it is now. */
export async function readLease(url: string): Promise<Lease> {
  const [lease] = await query<Lease>(url, LEASE)
  if (!lease) throw new Error('There is no lease.')
  return lease
}

/** Finds the index of the server that synchronizes: the only one that attempts to. */
export async function findSynchronizer({ servers }: Fleet): Promise<number> {
  const found = await until(async () => {
    const before = await Promise.all(servers.map(countAttempts))
    await pause(ATTEMPT_MS)
    const after = await Promise.all(servers.map(countAttempts))
    const active = servers.flatMap((_, index) => ((after[index] ?? 0) > (before[index] ?? 0) ? [index] : []))
    return active.length === 1 && { index: active[0] as number }
  }, FIND_TIMEOUT_MS)
  if (!found) throw new Error('Not one server synchronizes.')
  return found.index
}

async function countAttempts({ url }: RunningServer): Promise<number> {
  const text = await (await fetch(new URL('metrics', url))).text()
  const counts = [...text.matchAll(/^gitmsg_sync_attempts_total\{.*\} (\d+)/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

/** Milliseconds since the start of the watch. */
interface Takeover {
  /** Until another server held the lease. */
  readonly leaseMs: number
  /** Until it had synchronized something. */
  readonly settledMs: number
}

/** Watches the lease from now on. */
export interface Watch {
  /** Resolves once another server has taken over; with `null` if none has within `timeoutMs`. */
  takeover(timeoutMs: number): Promise<Takeover | null>
  close(): Promise<void>
}

/** Begins to watch, on a connection of its own. */
export async function watchLease(url: string): Promise<Watch> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const read = async () => (await client.query<Lease>(LEASE)).rows[0] as Lease
  const { term } = await read()
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt

  return {
    async takeover(timeoutMs) {
      const next = await until(async () => {
        const lease = await read()
        return lease.term > term && lease.holder !== null && lease
      }, timeoutMs)
      if (!next) return null
      const leaseMs = elapsed()
      const isSettled = await until(async () => (await read()).commit !== next.commit, timeoutMs - leaseMs)
      return isSettled ? { leaseMs, settledMs: elapsed() } : null
    },
    close: () => client.end(),
  }
}
