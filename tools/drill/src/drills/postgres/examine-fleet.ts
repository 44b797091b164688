import { join } from 'node:path'
import { query } from '@gitmsg/test-postgres/databases'
import { syncStatus } from '../../oracle/api-client.js'
import { compare, describe } from '../../oracle/compare.js'
import { differencesOf, readVersions, readView } from '../../oracle/versions.js'
import type { Site } from '../../rig/site.js'
import { timed, until } from '../../rig/wait.js'
import { count, type DrillContext } from '../drill.js'
import type { Fleet } from './fleet.js'

const SYNCHRONIZED_TIMEOUT_MS = 150_000
/** Every version that the database has. */
export const TEXTS = 'select content from gitmsg.messages union all select content from gitmsg.versions'

/** What to examine. */
export interface Examination {
  readonly fleet: Fleet
  /** The database, directly. */
  readonly url: string
  /** The fault, as the start of each problem's text. */
  readonly after: string
}

/**
 * Waits, without intervening, until all servers report that everything is synchronized. Then it compares every version on
 * the branch and in the database with what the clients remember, and what each server shows with the branch, and has
 * `gitmsg verify` compare the database with the repository.
 *
 * @returns the seconds until everything was synchronized
 */
export async function examineFleet({ tally }: DrillContext, examination: Examination): Promise<number> {
  const { fleet, url, after } = examination
  const { servers, sites, repository, history, settings } = fleet
  const fail = (problem: string) => tally.problems.push(`${after}: ${problem}`)
  const { seconds, result } = await timed(() => until(() => areSynchronized(fleet), SYNCHRONIZED_TIMEOUT_MS))
  if (!result)
    fail(`not synchronized within ${SYNCHRONIZED_TIMEOUT_MS / 1000} s: ${await describeStates(fleet)}`)

  const first = sites[0] as Site
  const { versions, problems } = readVersions(repository, join(first.path, 'clone.git'))
  for (const problem of problems) fail(problem)
  const rows = await query<{ content: string }>(url, TEXTS)
  const stores = {
    'git log -p': versions.flatMap(({ text }) => text ?? []),
    PostgreSQL: rows.map(({ content }) => content),
  }
  const remembered = history.read()
  for (const [store, texts] of Object.entries(stores)) {
    const comparison = compare(remembered, texts)
    for (const [name, number] of Object.entries(comparison)) count(tally, name, number)
    const difference = describe(comparison)
    if (difference) fail(`${store}: ${difference}`)
  }
  const uid = versions.at(-1)?.uid
  if (uid === undefined) fail('nothing is on the branch')
  for (const [index, server] of servers.entries()) {
    const differences = uid === undefined ? [] : differencesOf(await readView(server.url, uid), versions)
    for (const line of differences) fail(`server ${index + 1}: ${line}`)
  }
  const { code, stdout, stderr } = await first.command(['verify'], settings)
  if (code !== 0) fail(`gitmsg verify exits with ${code}: ${stdout}${stderr}`)
  return seconds
}

async function areSynchronized({ servers }: Fleet): Promise<boolean> {
  const states = await Promise.all(servers.map(({ url }) => syncStatus(url).catch(() => null)))
  return states.every(
    (status) => status?.pending === 0 && status.quarantined === 0 && status.state === 'idle',
  )
}

async function describeStates({ servers }: Fleet): Promise<string> {
  return JSON.stringify(await Promise.all(servers.map(({ url }) => syncStatus(url).catch(String))))
}
