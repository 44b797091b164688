import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@gitmsg/client'
import { query } from '@gitmsg/test-postgres/databases'
import { embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import { readVersions } from '../../oracle/versions.js'
import { git } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet, TEXTS } from './examine-fleet.js'
import { type Fleet, openFleet, untilReady } from './fleet.js'
import { openPair, type Pair } from './pair.js'
import { noteResponses, startWriting } from './writers.js'

/** Each way to lose a message must have happened to about as many. */
const ENOUGH = 20
const PROGRESS_TIMEOUT_MS = 60_000

/** The machine of the database is lost, and its standby promoted. */
export const postgresStandby: Drill = {
  name: 'postgres-standby',
  title: 'three servers whose PostgreSQL is killed and replaced by its standby, synchronous or not',
  obstacle: embeddedObstacle,
  async run(context) {
    const { scale } = context
    for (let round = 0; round < scale(3, 1); round += 1) await promoteSynchronous(context)
    for (let round = 0; round < scale(3, 1); round += 1) await promoteAsynchronous(context)
  },
}

/** With synchronous replication nothing that was acknowledged is lost. */
async function promoteSynchronous(context: DrillContext): Promise<void> {
  const { random, tally } = context
  const pair = await openPair({ isSynchronous: true })
  const fleet = await openFleet(context, pair.proxy.url)
  const writing = startWriting(context, fleet)
  await pause(random.integer(3_000, 6_000))
  await pair.primary.stop('SIGKILL')
  tally.injected += 1
  await pair.promote()
  const readyAfter = await untilReady(context, fleet)
  await pause(2_000)
  await writing.stop()
  noteResponses(tally, writing)
  await examine(context, { pair, fleet, after: 'a synchronous standby promoted', readyAfter })
  await close(pair, fleet)
}

/**
 * The standby lacks the last seconds, and the remote the very last. What was pushed comes back from the remote; what was
 * neither pushed nor replicated is lost, and nothing else.
 */
async function promoteAsynchronous(context: DrillContext): Promise<void> {
  const { random, tally, log } = context
  const pair = await openPair({ isSynchronous: false })
  const fleet = await openFleet(context, pair.proxy.url)
  const epoch = await readEpoch(fleet)
  const writing = startWriting(context, fleet)
  await pause(random.integer(2_000, 4_000))
  pair.replication.disconnect()
  const commits = countCommits(fleet)
  await until(() => countCommits(fleet) >= commits + ENOUGH, PROGRESS_TIMEOUT_MS)
  const away = `${fleet.repository}.away`
  renameSync(fleet.repository, away)
  const acknowledged = fleet.history.acknowledged()
  await until(() => fleet.history.acknowledged() >= acknowledged + ENOUGH, PROGRESS_TIMEOUT_MS)
  await pair.primary.stop('SIGKILL')
  tally.injected += 1
  // The standby may not know the keys of the last posts: one that is sent again could be stored twice.
  await writing.stop({ giveUp: true })
  noteResponses(tally, writing)

  const clone = join((fleet.sites[0] as Site).path, 'clone.git')
  const pushed = keysOf(readVersions(away, clone).versions.flatMap(({ text }) => text ?? []))
  await pair.promote()
  const replicated = keysOf(await readTexts(pair))
  const lost = acknowledgedKeys(fleet).filter((key) => !pushed.has(key) && !replicated.has(key))
  const returning = [...pushed].filter((key) => !replicated.has(key))
  // They may be gone; all others must not be.
  for (const key of lost) fleet.history.record('unknown', key)
  const readyAfter = await untilReady(context, fleet)
  renameSync(away, fleet.repository)
  const later = startWriting(context, fleet)
  await pause(3_000)
  await later.stop()
  noteResponses(tally, later)
  await examine(context, { pair, fleet, after: 'an asynchronous standby promoted', readyAfter })
  const found = keysOf(await readTexts(pair))
  count(
    tally,
    'acknowledged, neither replicated nor pushed, and lost',
    lost.filter((key) => !found.has(key)).length,
  )
  count(tally, 'not replicated, and back from the remote', returning.filter((key) => found.has(key)).length)
  // Positions were given twice, so clients have to read everything again.
  if ((await readEpoch(fleet)) === epoch) tally.problems.push('The epoch is the same after writes were lost.')
  if (lost.length === 0) tally.problems.push('The standby and the remote together lacked nothing.')
  if (returning.length === 0) tally.problems.push('The standby lacked nothing that the remote had.')
  log(`lost: ${lost.join(' ')}`)
  await close(pair, fleet)
}

async function examine(
  context: DrillContext,
  { pair, fleet, after, readyAfter }: { pair: Pair; fleet: Fleet; after: string; readyAfter: number },
): Promise<void> {
  const seconds = await examineFleet(context, { fleet, url: pair.standby.url, after })
  context.log(`${after}, ready after ${readyAfter} s, synchronized after ${seconds} s`)
  context.tally.figures[`${after}: s until all were ready, the last time`] = readyAfter
}

async function close({ standby }: Pair, fleet: Fleet): Promise<void> {
  await fleet.stop()
  await standby.stop()
}

const readTexts = async ({ standby }: Pair): Promise<string[]> =>
  (await query<{ content: string }>(standby.url, TEXTS)).map(({ content }) => content)

/** The first word of each text. */
const keysOf = (texts: readonly string[]): Set<string> =>
  new Set(texts.map((text) => text.slice(0, text.indexOf(' '))))

const countCommits = ({ repository }: Fleet): number => Number(git(repository, 'rev-list', '--count', 'main'))

async function readEpoch({ servers }: Fleet): Promise<string> {
  const { epoch } = await createClient({ url: servers[0]?.url ?? '' }).changes()
  return epoch
}

const acknowledgedKeys = ({ history }: Fleet): string[] =>
  [...history.read()].flatMap(([key, { outcome }]) => (outcome === 'ok' ? [key] : []))
