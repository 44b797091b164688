import { join } from 'node:path'
import { syncStatus } from '../../oracle/api-client.js'
import { compare, describe } from '../../oracle/compare.js'
import { readDatabase } from '../../oracle/stores.js'
import {
  differencesOf,
  type FileVersion,
  isHistoryOf,
  lastVersions,
  readVersions,
  readView,
} from '../../oracle/versions.js'
import type { RunningServer } from '../../rig/server.js'
import { git } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { count, type Tally } from '../drill.js'

/** Whether nothing is pending on any server, and all know the branch's tip. */
export async function haveConverged(servers: readonly RunningServer[], repository: string): Promise<boolean> {
  const tip = git(repository, 'rev-parse', 'main')
  const states = await Promise.all(servers.map(({ url }) => syncStatus(url)))
  return states.every(({ pending, state, head }) => pending === 0 && state === 'idle' && head === tip)
}

export interface Outcome {
  /** The first one has the remote, and the history of all clients. */
  readonly sites: readonly [Site, Site]
  readonly servers: readonly RunningServer[]
  /** The message that all servers edited. */
  readonly raced: string
  /** The uids, or the senders, of what was deleted. */
  readonly deleted: ReadonlySet<string>
}

/**
 * Compares the branch with the history of the clients, and each server with the branch; then stops the servers, and
 * has `gitmsg verify` compare their databases with the repository. Each difference becomes a problem of the tally.
 */
export async function examineVersions(
  tally: Tally,
  { sites, servers, raced, deleted }: Outcome,
): Promise<void> {
  const [{ repository, history, path }] = sites
  const fail = (problem: string) => tally.problems.push(problem)
  // Before git is run, which can take so long that the servers close their idle connections.
  const views = await Promise.all(servers.map(({ url }) => readView(url, raced)))
  const { versions, problems } = readVersions(repository, join(path, 'clone.git'))
  for (const problem of problems) fail(problem)
  const texts = versions.flatMap(({ text }) => text ?? [])
  const comparison = compare(history.read(), texts)
  for (const [name, number] of Object.entries(comparison)) count(tally, name, number)
  const difference = describe(comparison)
  if (difference) fail(`git log -p: ${difference}`)
  for (const lost of missingTombstones(versions, deleted)) fail(`${lost} was deleted and is not`)
  const ofRaced = versions.filter(({ uid }) => uid === raced)
  tally.figures['versions of the edited message'] = ofRaced.length
  tally.figures.tombstones = versions.filter(({ text }) => text === null).length

  for (const [index, view] of views.entries()) {
    for (const line of differencesOf(view, versions)) fail(`server ${index + 1}: ${line}`)
    if (!isHistoryOf(view, ofRaced)) fail(`server ${index + 1} shows another history`)
  }
  for (const [index, site] of sites.entries()) {
    await servers[index]?.stop()
    for (const problem of readDatabase(site.database).problems) fail(problem)
    const { code, stdout, stderr } = await site.command(['verify'], { GITMSG_REMOTE: repository })
    if (code !== 0) fail(`gitmsg verify of server ${index + 1} exits with ${code}: ${stdout}${stderr}`)
  }
}

/** What was deleted, and whose last version on the branch is not a tombstone. */
function missingTombstones(versions: readonly FileVersion[], deleted: ReadonlySet<string>): string[] {
  const last = [...lastVersions(versions).values()]
  const tombstones = last.filter(({ text }) => text === null)
  const gone = new Set(tombstones.flatMap(({ uid, sender }) => [uid, sender]))
  return [...deleted].filter((mark) => !gone.has(mark))
}
