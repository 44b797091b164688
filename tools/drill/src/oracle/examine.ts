import { join } from 'node:path'
import { count, type Tally } from '../drill.js'
import type { RunningServer } from '../rig/server.js'
import type { Site } from '../rig/site.js'
import { until } from '../rig/wait.js'
import { listAll, type SyncAnswer, syncStatus } from './api-client.js'
import { compare, describe } from './compare.js'
import { readClone, readDatabase } from './stores.js'

export interface Expectations {
  /** For the problem's words: after which fault. */
  readonly after: string
  /** Milliseconds until nothing may be pending any more. Default: 60,000. */
  readonly within?: number
  /** Messages that are in the database and must not be in the repository. Default: 0. */
  readonly quarantined?: number
}

/**
 * The judgement: waits until nothing is pending, with nobody's help, then compares the three stores with what
 * the clients remember. Whatever differs becomes a problem of the tally.
 *
 * @returns seconds until nothing was pending, or `null` when that did not come
 */
export async function examine(
  tally: Tally,
  { site, server }: { site: Site; server: RunningServer },
  { after, within = 60_000, quarantined = 0 }: Expectations,
): Promise<number | null> {
  const fail = (problem: string) => tally.problems.push(`${after}: ${problem}`)
  const startedAt = performance.now()
  const settled = await untilSynchronized(server.url, within)
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  if (!settled) {
    const status = await syncStatus(server.url).catch(String)
    fail(`not synchronized within ${within / 1000} s: ${JSON.stringify(status)}`)
  } else if (settled.quarantined !== quarantined) {
    fail(`${settled.quarantined} quarantined instead of ${quarantined}`)
  }

  const history = site.history.read()
  const messages = await listAll(server.url)
  const database = readDatabase(site.database)
  const clone = readClone(site.repository, join(site.path, 'clone.git'))
  for (const problem of [...database.problems, ...clone.problems]) fail(problem)

  const api = messages.map(({ content }) => content)
  const stores = { API: api, SQLite: database.contents, ...(settled && { clone: clone.contents }) }
  for (const [store, contents] of Object.entries(stores)) {
    const comparison = compare(history, contents)
    for (const [name, number] of Object.entries(comparison)) {
      const excused = store === 'clone' && name === 'lost' ? quarantined : 0
      count(tally, name, number - excused)
    }
    const difference = describe({
      ...comparison,
      lost: comparison.lost - (store === 'clone' ? quarantined : 0),
    })
    if (difference) fail(`${store}: ${difference}`)
  }
  const commits = new Set(clone.commits.values())
  const misplaced = messages.filter(({ git_hash }) => git_hash !== null && !commits.has(git_hash)).length
  if (settled && misplaced > 0) fail(`${misplaced} messages name a commit that the repository does not have`)
  return settled ? seconds : null
}

/** Waits until nothing is pending and the last attempt succeeded; the status, or `null` when that did not come. */
export function untilSynchronized(url: string, milliseconds: number): Promise<SyncAnswer | null> {
  return until(async () => {
    const status = await syncStatus(url)
    return status.pending === 0 && status.state === 'idle' && status.head !== null && status
  }, milliseconds)
}
