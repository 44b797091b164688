import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drill, type DrillContext, emptyTally, type Tally } from './drills/drill.js'
import { cleanUp, onCleanup } from './rig/cleanup.js'
import { createRandom } from './rig/seeded-random.js'
import { openSite, type Site } from './rig/site.js'

/** How a drill ended. */
export interface DrillReport extends Tally {
  readonly name: string
  readonly title: string
  readonly verdict: 'passed' | 'failed' | 'not run'
  /** Why it was not run. Absent if it was. */
  readonly reason?: string
  readonly seconds: number
}

export interface RunOptions {
  readonly seed: number
  readonly quick: boolean
  /** The number of messages in a long backlog. */
  readonly backlog: number
}

/** Runs one drill, judges it and cleans up after it. */
export async function runDrill(drill: Drill, { seed, quick, backlog }: RunOptions): Promise<DrillReport> {
  const { name, title } = drill
  const tally = emptyTally()
  const startedAt = performance.now()
  const reason = drill.obstacle?.()
  if (reason) return { name, title, verdict: 'not run', reason, seconds: 0, ...tally }

  const historyFolder = mkdtempSync(join(otherFileSystem(), 'gitmsg-history-'))
  onCleanup(() => rmSync(historyFolder, { recursive: true, force: true }))
  const sites: Site[] = []
  const context: DrillContext = {
    random: createRandom(seed, name),
    tally,
    backlog,
    scale: (full, small) => (quick ? small : full),
    log: (line) => void process.stderr.write(`  ${name}: ${line}\n`),
    openSite(options) {
      const site = openSite({ ...options, historyFolder })
      sites.push(site)
      return site
    },
  }
  try {
    await drill.run(context)
  } catch (error) {
    tally.problems.push(`The drill failed: ${error instanceof Error ? error.stack : error}`)
  }
  tally.acknowledged = sites.reduce((sum, { history }) => sum + history.acknowledged(), tally.acknowledged)
  cleanUp()
  if (tally.injected === 0) tally.problems.push('Nothing was injected, so nothing was proven.')
  if (tally.acknowledged === 0 && !drill.withoutClients)
    tally.problems.push('Nothing was acknowledged, so nothing was proven.')
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  return { name, title, verdict: tally.problems.length === 0 ? 'passed' : 'failed', seconds, ...tally }
}

/** A folder outside the file system under test, so that a fault there cannot affect the history. */
function otherFileSystem(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}
