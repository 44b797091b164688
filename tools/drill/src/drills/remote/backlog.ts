import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { syncStatus } from '../../oracle/api-client.js'
import { compare } from '../../oracle/compare.js'
import { examine } from '../../oracle/examine.js'
import { type Load, percentile, startLoad } from '../../oracle/load.js'
import { readClone, readDatabase } from '../../oracle/stores.js'
import { memoryOf } from '../../rig/processes.js'
import type { Site } from '../../rig/site.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type Tally } from '../drill.js'

const FILLER = fileURLToPath(new URL('fill-backlog.js', import.meta.url))
/** The rate is known after ten minutes, so the rest of a longer backlog is not waited for. */
const DRAIN_TIMEOUT_MS = 600_000
/** After a long failure the next attempt may be a minute away. */
const NEXT_ATTEMPT_TIMEOUT_MS = 90_000
const MAX_MEBIBYTES = 256

/** F34: the remote comes back after a day. */
export const backlog: Drill = {
  name: 'backlog',
  title: 'a remote that comes back after 100,000 messages, or the number given with --backlog',
  async run({ random, tally, log, openSite, scale, backlog }) {
    const messages = scale(backlog, 5_000)
    const site = openSite()
    const { figures } = tally
    renameSync(site.repository, `${site.repository}.away`)
    const measure = async (what: string) => {
      const server = await site.start()
      const load: Load = startLoad({
        urls: [server.url],
        clients: 4,
        random,
        history: site.history,
        pauseMs: 5,
      })
      await pause(scale(8000, 2000))
      await load.stop()
      figures[`${what}: ms from start to serving`] = Math.round(server.readyAfterMs)
      figures[`${what}: ms to acknowledge, p50`] = percentile(load.latencies, 50)
      figures[`${what}: ms to acknowledge, p99`] = percentile(load.latencies, 99)
      figures[`${what}: MiB of memory`] = memoryOf(server.pid).now
      return server
    }
    await (await measure('without a backlog')).stop('SIGKILL')

    mkdirSync(site.dataDirectory, { recursive: true })
    const filler = spawn(process.execPath, [FILLER, site.database, String(messages), site.history.path], {
      stdio: 'inherit',
    })
    const [code] = await once(filler, 'exit')
    if (code !== 0) throw new Error('Cannot make the backlog.')
    tally.injected += messages
    tally.acknowledged += messages
    log(`${messages} messages are pending`)

    const server = await measure('with the backlog')
    renameSync(`${site.repository}.away`, site.repository)
    const { pending } = await syncStatus(server.url)
    await until(async () => (await syncStatus(server.url)).pending < pending, NEXT_ATTEMPT_TIMEOUT_MS)
    const startedAt = performance.now()
    const drained = await until(async () => {
      await pause(500)
      return (await syncStatus(server.url)).pending === 0
    }, DRAIN_TIMEOUT_MS)
    const seconds = (performance.now() - startedAt) / 1000
    const left = (await syncStatus(server.url)).pending
    figures['messages that waited'] = pending
    figures['messages a second into the remote'] = Math.round((pending - left) / seconds)
    const { peak } = memoryOf(server.pid)
    figures['MiB of memory at most'] = peak
    if (peak > MAX_MEBIBYTES) tally.problems.push(`${peak} MiB of memory, more than ${MAX_MEBIBYTES}`)
    log(`${pending - left} drained after ${Math.round(seconds)} s with at most ${peak} MiB`)
    if (drained) await examine(tally, { site, server }, { after: 'drained' })
    else {
      figures['messages not waited for'] = left
      await server.stop()
      judgeUnfinished(tally, site)
    }
  },
}

/** The database must have everything. The repository has a part, in which nothing may be wrong. */
function judgeUnfinished(tally: Tally, site: Site): void {
  const history = site.history.read()
  const database = readDatabase(site.database)
  const clone = readClone(site.repository, join(site.path, 'clone.git'))
  tally.problems.push(...database.problems, ...clone.problems)
  const { lost: _, ...inClone } = compare(history, clone.contents)
  for (const comparison of [compare(history, database.contents), inClone]) {
    for (const [name, number] of Object.entries(comparison)) {
      count(tally, name, number)
      if (number > 0) tally.problems.push(`${number} ${name}`)
    }
  }
}
