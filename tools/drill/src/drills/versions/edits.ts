import { send } from '../../oracle/api-client.js'
import { untilSynchronized } from '../../oracle/examine.js'
import type { RunningServer } from '../../rig/server.js'
import type { Site } from '../../rig/site.js'
import { pause, timed, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { type Changes, createClients } from './clients.js'
import { examineVersions, haveConverged } from './examine-versions.js'

const CONVERGENCE_TIMEOUT_MS = 60_000
const MAX_KILL_DELAY_MS = 300
/** A kill can spoil a race; then it is repeated, up to this many times as often as races are wanted. */
const ATTEMPTS_PER_RACE = 3

/** Two servers, each with its own database, edit one message again and again, and neither edit may be lost. */
export const edits: Drill = {
  name: 'edits',
  title: 'two servers on one remote edit one message at the same moment, with kills, deletions and reactions',
  async run(context) {
    const { tally, log, openSite, scale } = context
    const first = openSite()
    const sites = [first, openSite({ remote: false })] as const
    const settings = { GITMSG_REMOTE: first.repository }
    const servers = [await sites[0].start(settings), await sites[1].start(settings)]
    const clients = createClients(context, first.history)

    const [raced = '', ...others] = await clients.post(servers[0] as RunningServer, scale(61, 16))
    const shared = await until(() => haveAll(servers, [raced, ...others]), CONVERGENCE_TIMEOUT_MS)
    if (!shared) throw new Error('The second server did not import the messages of the first one.')
    const races = scale(200, 25)
    const changes = await race(context, { sites, servers, clients, settings, raced, others, races })

    const { seconds, result } = await timed(() =>
      until(() => haveConverged(servers, first.repository), CONVERGENCE_TIMEOUT_MS),
    )
    tally.figures['s until both had the same'] = result ? seconds : 'never'
    if (!result) tally.problems.push('The two servers did not converge.')
    await examineVersions(tally, { sites, servers, raced, deleted: changes.deleted })
    log(`${changes.races} races, ${tally.injected} kills, converged after ${seconds} s`)
  },
}

interface Rig {
  readonly sites: readonly [Site, Site]
  /** Those that were killed are replaced here. */
  readonly servers: RunningServer[]
  readonly clients: ReturnType<typeof createClients>
  readonly settings: Record<string, string>
  /** The uid of the message that both edit. */
  readonly raced: string
  /** The uids of the messages that get reactions and are deleted. */
  readonly others: readonly string[]
  /** In this many cases both must have acknowledged. */
  readonly races: number
}

/** Edits until both servers have acknowledged often enough, and kills one of them now and then. */
async function race({ random, tally }: DrillContext, rig: Rig): Promise<Changes & { races: number }> {
  const { sites, servers, clients, settings, raced, others } = rig
  const changes: Changes = { deleted: new Set() }
  let races = 0
  let conflicts = 0
  for (let attempt = 0; races < rig.races && attempt < rig.races * ATTEMPTS_PER_RACE; attempt += 1) {
    if (random.integer(0, 1) === 0) await exchange(servers)
    const victim = random.integer(0, 3) === 0 ? random.integer(0, 1) : null
    const killing = victim === null ? undefined : kill(victim)
    const edits = servers.map((server) => clients.edit(server, raced))
    const change = random.integer(0, 1) === 0 ? clients.changeOther(servers, others, changes) : undefined
    const [here, there] = await Promise.all(edits)
    await Promise.all([change, killing])
    if (here && there) races += 1
    if (here && here === there) conflicts += 1
    await pause(random.integer(0, 200))
  }
  tally.figures['edits of both at the same moment'] = races
  tally.figures['of these, both made the same version'] = conflicts
  if (races < rig.races) tally.problems.push(`Only ${races} times both servers acknowledged an edit.`)
  if (conflicts === 0) tally.problems.push('The servers never made the same version, so nothing raced.')
  if (changes.deleted.size === 0) tally.problems.push('Nothing was deleted.')
  return { ...changes, races }

  async function kill(victim: number): Promise<void> {
    const target = random.pick(['alone', 'with-children'] as const)
    await pause(random.integer(0, MAX_KILL_DELAY_MS))
    await servers[victim]?.stop('SIGKILL', target)
    tally.injected += 1
    count(tally, `kills of server ${victim + 1}`)
    servers[victim] = await (sites[victim] as Site).start(settings)
  }
}

/** Has each server publish what it has, and the first one import that: then both edit the same version. */
async function exchange([one, other]: readonly RunningServer[]): Promise<void> {
  for (const server of [one, other, one]) {
    // Without a response in time they go on as they are.
    if (server) await send(server.url, { method: 'POST', path: 'sync' }).catch(() => null)
  }
}

/** Whether every server has these messages, and nothing is pending. */
async function haveAll(servers: readonly RunningServer[], uids: readonly string[]): Promise<boolean> {
  for (const { url } of servers) {
    if (!(await untilSynchronized(url, 0))) return false
    for (const uid of uids) if ((await fetch(new URL(`messages/${uid}`, url))).status !== 200) return false
  }
  return true
}
