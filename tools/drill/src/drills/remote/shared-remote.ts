import { listAll } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { startLoad } from '../../oracle/load.js'
import { pushForeignCommit } from '../../rig/foreign-commit.js'
import type { RunningServer } from '../../rig/server.js'
import { git } from '../../rig/shell.js'
import { pause, timed, until } from '../../rig/wait.js'
import type { Drill } from '../drill.js'

const SERVERS = 3
const CONVERGENCE_TIMEOUT_MS = 60_000

/** Several servers, each with its own database, and another writer append to one branch. */
export const sharedRemote: Drill = {
  name: 'shared-remote',
  title: 'three servers on one remote, with kills, a freeze, and another writer',
  async run({ random, tally, log, openSite, scale }) {
    const first = openSite()
    const sites = [first, ...Array.from({ length: SERVERS - 1 }, () => openSite({ remote: false }))]
    const settings = { GITMSG_REMOTE: first.repository }
    const servers: RunningServer[] = []
    for (const site of sites) servers.push(await site.start(settings))
    // One history for all: in the end each server must have what any of them acknowledged.
    const { history } = first
    const load = (server: RunningServer) =>
      startLoad({ urls: [server.url], clients: 2, random, history, pauseMs: 20 })
    const loads = servers.map(load)

    const foreign: string[] = []
    const rounds = scale(12, 3)
    for (let round = 0; round < rounds; round += 1) {
      await pause(random.integer(500, 1500))
      const victim = random.integer(0, SERVERS - 1)
      tally.injected += 1
      if (round % 3 === 2) {
        servers[victim]?.signal('SIGSTOP', 'with-children')
        await pause(scale(5000, 2000))
        servers[victim]?.signal('SIGCONT', 'with-children')
      } else if (round % 3 === 1) {
        const commit = await until(() => tryToPush(first.repository, first.path), 20_000)
        if (commit) foreign.push(commit)
      } else {
        const stopping = loads[victim]?.stop()
        await servers[victim]?.stop('SIGKILL', 'with-children')
        await stopping
        servers[victim] = await (sites[victim] as typeof first).start(settings)
        loads[victim] = load(servers[victim] as RunningServer)
      }
    }
    await Promise.all(loads.map((running) => running.stop()))

    const { seconds, result } = await timed(() =>
      until(async () => {
        const lists = await Promise.all(servers.map(({ url }) => listAll(url)))
        const all = lists.flat()
        return (
          all.every(({ git_hash }) => git_hash !== null) &&
          new Set(lists.map(({ length }) => length)).size === 1 &&
          new Set(all.map(({ uid }) => uid)).size === lists[0]?.length
        )
      }, CONVERGENCE_TIMEOUT_MS),
    )
    tally.figures['s until all three had the same'] = result ? seconds : 'never'
    if (!result) tally.problems.push('The three servers did not converge on the same messages.')
    for (const [index, site] of sites.entries()) {
      const server = servers[index] as RunningServer
      const seen = { ...site, history, repository: first.repository }
      await examine(tally, { site: seen, server }, { after: `server ${index + 1}` })
    }
    const kept = foreign.filter((commit) => git(first.repository, 'merge-base', commit, 'main') === commit)
    tally.figures['commits of another writer kept'] = `${kept.length} of ${foreign.length}`
    if (kept.length < foreign.length) tally.problems.push('A commit of another writer was lost.')
    log(`${rounds} rounds, converged after ${seconds} s`)
  },
}

/** Pushes a commit; `null` if it loses a race against the servers. */
function tryToPush(remote: string, scratch: string): string | null {
  try {
    return pushForeignCommit(remote, scratch)
  } catch {
    return null
  }
}
