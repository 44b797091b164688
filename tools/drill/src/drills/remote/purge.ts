import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAll, request } from '../../oracle/api-client.js'
import { compare, describe } from '../../oracle/compare.js'
import { untilSynchronized } from '../../oracle/examine.js'
import { type Load, startLoad } from '../../oracle/load.js'
import { pushForeignCommit } from '../../rig/foreign-commit.js'
import type { RunningServer } from '../../rig/server.js'
import { git } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

const SERVERS = 3
const TIMEOUT_MS = 60_000
const PURGE_ATTEMPTS = 10
/** Between two posts to a server: each push makes the other two servers try again. */
const PAUSE_MS = 200

/** One of the servers, with what it is started from. */
interface Member {
  readonly site: Site
  server: RunningServer
}

/** Deleted texts are erased from a branch that several servers share. */
export const purge: Drill = {
  name: 'purge',
  title:
    'deleted and edited texts erased from the branch of three servers, with posts, kills and another writer',
  async run(context) {
    const { tally, random, log, openSite, scale } = context
    const first = openSite()
    const sites = [first, ...Array.from({ length: SERVERS - 1 }, () => openSite({ remote: false }))]
    const settings = { GITMSG_REMOTE: first.repository }
    const members: Member[] = []
    for (const site of sites) members.push({ site, server: await site.start(settings) })
    const start = () => startLoads(context, { first, members })

    const secrets: string[] = []
    let foreign = 0
    const rounds = scale(6, 2)
    for (let round = 0; round < rounds; round += 1) {
      const author = members[random.integer(0, SERVERS - 1)] as Member
      const versions = round % 2 === 1
      const loads = start()
      const path = await postSecret(author, { secret: newSecret(round, secrets) })
      await pause(random.integer(200, 1000))
      await Promise.all(loads.map((load) => load.stop()))
      const uid = await changeSecret(author, { path, versions, secret: newSecret(round, secrets) })
      if (await until(() => tryToPush(first), TIMEOUT_MS)) foreign += 1

      const operator = members[random.integer(0, SERVERS - 1)] as Member
      const purged = await purgeOnce(operator, { uid, versions, settings })
      tally.injected += purged.code === 0 ? 1 : 0
      log(`round ${round}: ${versions ? 'versions' : 'a message'} purged`)
      count(tally, 'purges overtaken by another server', purged.overtaken)
      if (purged.code !== 0)
        tally.problems.push(`round ${round}: purge exited with ${purged.code}: ${purged.stderr}`)

      // The servers find out while they are posted to, and one of them is killed.
      const following = start()
      const victim = members[random.integer(0, SERVERS - 1)] as Member
      await pause(random.integer(0, 2000))
      await victim.server.stop('SIGKILL', 'with-children')
      await Promise.all(following.map((load) => load.stop()))
      victim.server = await victim.site.start(settings)
    }
    await converge(context, members)
    await examineAll(context, { members, secrets, settings, first })
    const kept =
      git(first.repository, 'log', '--format=%s', 'main').match(/^A commit of another writer$/gm) ?? []
    tally.figures['commits of another writer kept'] = `${kept.length} of ${foreign}`
    if (kept.length !== foreign) tally.problems.push('A commit of another writer was lost.')
    log(`${rounds} rounds, ${secrets.length} texts erased`)
  },
}

function startLoads(
  { random }: DrillContext,
  { first, members }: { first: Site; members: readonly Member[] },
): Load[] {
  const { history } = first
  return members.map(({ server }) =>
    startLoad({ urls: [server.url], clients: 1, random, history, pauseMs: PAUSE_MS }),
  )
}

function newSecret(round: number, secrets: string[]): string {
  const secret = `secret-${secrets.length}-of-round-${round}`
  secrets.push(secret)
  return secret
}

async function postSecret({ server }: Member, { secret }: { secret: string }): Promise<string> {
  const body = { content: secret, sender: 'drill', topic: 'secrets' }
  const posted = await request(server.url, 'POST', 'messages', body)
  return `messages/${(posted as { message_id: number }).message_id}`
}

/** Edits a secret; then deletes it or, for its versions, edits it again. Each change is published before the next. */
async function changeSecret(
  { server: { url } }: Member,
  { path, versions, secret }: { path: string; versions: boolean; secret: string },
): Promise<string> {
  const { uid } = (await request(url, 'GET', path)) as { uid: string }
  await untilSynchronized(url, TIMEOUT_MS)
  await request(url, 'PATCH', path, { content: secret })
  await untilSynchronized(url, TIMEOUT_MS)
  if (versions) await request(url, 'PATCH', path, { content: `harmless ${uid}` })
  else await request(url, 'DELETE', path)
  await untilSynchronized(url, TIMEOUT_MS)
  return uid
}

/** Stops the server, purges, and starts it again. Another server may be faster: then purge changes nothing. */
async function purgeOnce(
  member: Member,
  { uid, versions, settings }: { uid: string; versions: boolean; settings: Record<string, string> },
) {
  const { site } = member
  await untilSynchronized(member.server.url, TIMEOUT_MS)
  await member.server.stop()
  const args = ['purge', uid, '--force', '--json', ...(versions ? ['--versions'] : [])]
  let overtaken = 0
  let result = await site.command(args, settings)
  for (; result.code !== 0 && overtaken < PURGE_ATTEMPTS; overtaken += 1) {
    await pause(500)
    result = await site.command(args, settings)
  }
  member.server = await site.start(settings)
  return { ...result, overtaken }
}

async function converge({ tally }: DrillContext, members: readonly Member[]): Promise<void> {
  const isSame = async () => {
    const lists = await Promise.all(members.map(({ server }) => listAll(server.url)))
    const [one = ''] = lists.map((list) =>
      JSON.stringify(list.map(({ uid, git_hash }) => `${uid} ${git_hash}`).sort()),
    )
    const hasAll = lists.flat().every(({ git_hash }) => git_hash !== null)
    return (
      hasAll &&
      lists.every(
        (list) => JSON.stringify(list.map(({ uid, git_hash }) => `${uid} ${git_hash}`).sort()) === one,
      )
    )
  }
  if (!(await until(isSame, TIMEOUT_MS))) tally.problems.push('The three servers did not converge.')
}

/** Nothing that was acknowledged is lost, and nothing that was erased is anywhere, after a clean stop. */
async function examineAll(
  { tally }: DrillContext,
  {
    members,
    secrets,
    settings,
    first,
  }: {
    members: readonly Member[]
    secrets: readonly string[]
    settings: Record<string, string>
    first: Site
  },
): Promise<void> {
  const history = first.history.read()
  for (const [index, { site, server }] of members.entries()) {
    const name = `server ${index + 1}`
    const contents = (await listAll(server.url)).map(({ content }) => content ?? '')
    if (secrets.some((secret) => contents.includes(secret)))
      tally.problems.push(`${name}: an erased text is back`)
    const comparison = compare(
      history,
      contents.filter((content) => !content.startsWith('harmless ')),
    )
    for (const [figure, number] of Object.entries(comparison)) count(tally, figure, number)
    const difference = describe(comparison)
    if (difference) tally.problems.push(`${name}: ${difference}`)
    await server.stop()
    const verified = await site.command(['verify'], settings)
    if (verified.code !== 0)
      tally.problems.push(`${name}: verify found: ${verified.stdout}${verified.stderr}`)
    for (const file of readdirSync(site.dataDirectory)) {
      if (!file.startsWith('gitmsg.db')) continue
      const bytes = readFileSync(join(site.dataDirectory, file))
      const found = secrets.filter((secret) => bytes.includes(secret))
      if (found.length > 0) tally.problems.push(`${name}: ${file} still has ${found.join(', ')}`)
    }
  }
  git(first.repository, 'gc', '--quiet', '--prune=now')
  const objects = git(first.repository, 'cat-file', '--batch', '--batch-all-objects')
  const left = secrets.filter((secret) => objects.includes(secret))
  if (left.length > 0) tally.problems.push(`the remote still has ${left.join(', ')}`)
}

/** Pushes a commit; `null` if it loses a race against the servers. */
function tryToPush({ repository, path }: Site): string | null {
  try {
    return pushForeignCommit(repository, path)
  } catch {
    return null
  }
}
