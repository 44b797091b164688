import { join } from 'node:path'
import { count, type Tally } from '../drills/drill.js'
import type { RunningServer } from '../rig/server.js'
import type { Site } from '../rig/site.js'
import { until } from '../rig/wait.js'
import { listAll, type SyncStatus, syncStatus } from './api-client.js'
import { compare, describe } from './compare.js'
import { readClone, readDatabase } from './stores.js'

export interface Expectations {
  /** The fault, as the start of each problem's text. */
  readonly after: string
  /** Milliseconds within which everything must be synchronized. Default: 60,000. */
  readonly withinMs?: number
  /** The number of messages that must be in the database but not in the repository. Default: 0. */
  readonly quarantined?: number
}

/**
 * Waits, without intervening, until everything is synchronized, then compares the API, the database and a clone of
 * the repository with the history of the clients. Each difference becomes a problem of the tally.
 *
 * @returns the seconds until everything was synchronized, or `null` if it never was
 */
export async function examine(
  tally: Tally,
  { site, server }: { site: Site; server: RunningServer },
  { after, withinMs = 60_000, quarantined = 0 }: Expectations,
): Promise<number | null> {
  const fail = (problem: string) => tally.problems.push(`${after}: ${problem}`)
  const startedAt = performance.now()
  const synchronized = await untilSynchronized(server.url, withinMs)
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  if (!synchronized) {
    const status = await syncStatus(server.url).catch(String)
    fail(`not synchronized within ${withinMs / 1000} s: ${JSON.stringify(status)}`)
  } else if (synchronized.quarantined !== quarantined) {
    fail(`${synchronized.quarantined} quarantined instead of ${quarantined}`)
  }

  const history = site.history.read()
  const messages = await listAll(server.url)
  const database = readDatabase(site.database)
  const clone = readClone(site.repository, join(site.path, 'clone.git'))
  for (const problem of [...database.problems, ...clone.problems]) fail(problem)

  const api = messages.map(({ content }) => String(content))
  const stores = { API: api, SQLite: database.contents, ...(synchronized && { clone: clone.contents }) }
  for (const [store, contents] of Object.entries(stores)) {
    const comparison = compare(history, contents)
    const missingOnPurpose = store === 'clone' ? quarantined : 0
    const unexplained = { ...comparison, lost: comparison.lost - missingOnPurpose }
    for (const [name, number] of Object.entries(unexplained)) count(tally, name, number)
    const difference = describe(unexplained)
    if (difference) fail(`${store}: ${difference}`)
  }
  const commits = new Set(clone.commits.values())
  const misplaced = messages.filter(({ git_hash }) => git_hash !== null && !commits.has(git_hash)).length
  if (synchronized && misplaced > 0)
    fail(`${misplaced} messages name a commit that the repository does not have`)
  return synchronized ? seconds : null
}

/**
 * Waits until nothing is pending and the last attempt succeeded; resolves with the status, or `null` after
 * `timeoutMs`.
 */
export function untilSynchronized(url: string, timeoutMs: number): Promise<SyncStatus | null> {
  return until(async () => {
    const status = await syncStatus(url)
    return status.pending === 0 && status.state === 'idle' && status.head !== null && status
  }, timeoutMs)
}
