import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import type { RunningServer } from '../../rig/server.js'
import { git } from '../../rig/shell.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet } from './examine-fleet.js'
import { type Fleet, openDatabase, openFleet } from './fleet.js'
import { findSynchronizer, readLease, watchLease } from './synchronizer.js'
import { noteResponses, startWriting } from './writers.js'

const TAKEOVER_TIMEOUT_MS = 60_000
const NOTICE_TIMEOUT_MS = 5_000
/** For how long the server that woke must write nothing. */
const QUIET_MS = 4_000
/** A push takes some time, so that servers are frozen in the middle of one. */
const SLOW_HOOK = '#!/bin/sh\nsleep 0.4\n'
/** After this time a push that had reached the remote is done. */
const PUSH_MS = 2_000
const LOST = 'sync lock lost'

/** A server that is frozen for longer than its lease, and wakes in the middle of its work, must not disturb its heir. */
export const postgresFreeze: Drill = {
  name: 'postgres-freeze',
  title:
    'three servers on one PostgreSQL: the one that synchronizes is frozen until another took over, and wakes',
  obstacle: embeddedObstacle,
  async run(context) {
    const { tally, log, scale } = context
    const { url } = await openDatabase()
    const fleet = await openFleet(context, url)
    const hook = join(fleet.repository, 'hooks', 'pre-receive')
    writeFileSync(hook, SLOW_HOOK)
    chmodSync(hook, 0o755)
    const writing = startWriting(context, fleet)
    const freezes = scale(8, 2)
    for (let freeze = 0; freeze < freezes; freeze += 1) await freezeSynchronizer(context, { fleet, url })
    await writing.stop()
    noteResponses(tally, writing)
    const seconds = await examineFleet(context, { fleet, url, after: 'frozen' })
    log(`${freezes} freezes, all synchronized after ${seconds} s`)
    if (!tally.figures['freezes in the middle of a push'])
      tally.problems.push('No server was frozen in the middle of a push, so none was late.')
    await fleet.stop()
  },
}

async function freezeSynchronizer(
  { random, tally }: DrillContext,
  { fleet, url }: { fleet: Fleet; url: string },
): Promise<void> {
  const fail = (problem: string) => tally.problems.push(problem)
  const victim = fleet.servers[await findSynchronizer(fleet)] as RunningServer
  const losses = countLosses(victim)
  await pause(random.integer(0, 1_000))
  const watch = await watchLease(url)
  // The remote's half of a push goes on in any case: it is another machine.
  victim.signal('SIGSTOP', random.pick(['alone', 'with-children']))
  tally.injected += 1
  await pause(PUSH_MS)
  const { commit } = await readLease(url)
  // Nothing settles now, so the branch is ahead only by a push whose result the frozen server has yet to read.
  if (git(fleet.repository, 'rev-parse', 'main') !== commit) count(tally, 'freezes in the middle of a push')
  const takeover = await watch.takeover(TAKEOVER_TIMEOUT_MS)
  await watch.close()
  const taken = await readLease(url)
  if (!takeover) fail('No server took over from a frozen one.')

  victim.signal('SIGCONT', 'with-children')
  if (!(await until(() => countLosses(victim) > losses, NOTICE_TIMEOUT_MS)))
    fail('A server that woke did not log that it had lost the lease.')
  await pause(QUIET_MS)
  const after = await readLease(url)
  if (after.term !== taken.term || after.holder !== taken.holder)
    fail(`The lease is that of term ${after.term} and not ${taken.term} after a frozen server woke.`)
  if (taken.commit && after.commit && !isAncestor(fleet, taken.commit, after.commit))
    fail(`The cursor went back from ${taken.commit} to ${after.commit} after a frozen server woke.`)
  if (!victim.isAlive()) fail('A server that woke has exited.')
}

const countLosses = (server: RunningServer): number => server.output().split(LOST).length - 1

function isAncestor({ repository }: Fleet, one: string, other: string): boolean {
  return git(repository, 'merge-base', one, other) === one
}
