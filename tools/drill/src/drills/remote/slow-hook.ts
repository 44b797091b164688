import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncStatus } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { percentile, startLoad } from '../../oracle/load.js'
import { pause, timed } from '../../rig/wait.js'
import type { Drill } from '../drill.js'

const FULL_HOOK_MS = 75_000
/** Longer than a remote that receives nothing is waited for. */
const QUICK_HOOK_MS = 40_000
const POSTING_MS = 2_000

/** A hook that takes longer than a silent remote is waited for. Each push is waited for, and none is repeated. */
export const slowHook: Drill = {
  name: 'slow-hook',
  title: 'a pre-receive hook that takes 75 s for each push',
  async run({ random, tally, log, openSite, scale }) {
    const hookMs = scale(FULL_HOOK_MS, QUICK_HOOK_MS)
    const site = openSite()
    const { history, repository, path } = site
    const calls = join(path, 'hook-calls')
    const script = `#!/bin/sh\necho begin >> '${calls}'\nsleep ${hookMs / 1000}\necho end >> '${calls}'\n`
    writeFileSync(join(repository, 'hooks/pre-receive'), script, { mode: 0o755 })
    const count = (word: string) =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .split('\n')
            .filter((line) => line === word).length
        : 0

    const server = await site.start()
    const load = startLoad({ urls: [server.url], clients: 4, random, history, pauseMs: 20 })
    const { seconds } = await timed(async () => {
      await pause(POSTING_MS)
      await load.stop()
      // Two pushes: the first message, and those that were posted during its push.
      await examine(tally, { site, server }, { after: 'slow hook', withinMs: 3 * hookMs + 30_000 })
    })
    tally.injected += count('end')
    tally.figures['ms of each hook'] = hookMs
    tally.figures['pushes begun'] = count('begin')
    tally.figures['pushes ended'] = count('end')
    tally.figures['s until everything was synchronized'] = seconds
    tally.figures['ms to acknowledge meanwhile, p99'] = percentile(load.latencies, 99)
    if (count('begin') !== count('end')) {
      tally.problems.push(`${count('begin') - count('end')} pushes were ended before their hook`)
    }
    const { last_error } = await syncStatus(server.url)
    if (last_error) tally.problems.push(`The last error is ${last_error.code}.`)
    log(`synchronized after ${seconds} s with ${count('end')} pushes`)
  },
}
