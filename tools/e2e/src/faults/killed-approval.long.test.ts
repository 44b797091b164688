import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createClient, type HeldPost } from '@gitmsg/client'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { ACCOUNTS, createSession } from '../testing/accounts.js'
import { type RunningServer, until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

const POSTS = 8
/** Kills that must hit an approval between the moderator's decision and its end, and how often to try. */
const HITS = 3
const MAX_LIVES = 12

interface Moderator {
  readonly url: string
  readonly token: string
}

const readHeld = async (moderator: Moderator): Promise<readonly HeldPost[]> =>
  await createClient(moderator).held({ limit: 1000 })

/** Approves posts, at once and without trying again. */
async function approve({ url, token }: Moderator, held: readonly HeldPost[]): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const approvals = held.map(({ held_id }) =>
    fetch(new URL(`moderation/${held_id}/approve`, url), { method: 'POST', headers, body: '{}' }),
  )
  await Promise.allSettled(approvals)
}

/** Tells from the database how many posts a moderator has approved that may not be messages yet. */
function watchApprovals(folder: string) {
  const database = new Database(join(folder, 'data/accounts.db'), { readonly: true })
  const statement = database.prepare("SELECT count(*) FROM held WHERE state = 'approving'").pluck()
  return { count: () => Number(statement.get()), [Symbol.dispose]: () => database.close() }
}

/** Kills the server as soon as an approval has begun; resolves with how many the kill has interrupted. */
async function killDuringApproval(folder: string, server: RunningServer): Promise<number> {
  using approvals = watchApprovals(folder)
  // Not until(): an approval takes less than the time between two of its looks.
  while (approvals.count() === 0) await setImmediate()
  await server.stop('SIGKILL')
  return approvals.count()
}

it('a server that is killed during approvals has each post once: as a message, or held', async () => {
  await using workspace = await openWorkspace()
  let server = await workspace.start(ACCOUNTS)
  const admin = await createSession({ path: workspace.path, url: server.url }, ['ada', '--admin'])
  const author = await createSession({ path: workspace.path, url: server.url }, ['eve'])
  const contents: string[] = []
  let hits = 0

  for (let life = 0; hits < HITS && life < MAX_LIVES; life += 1) {
    const eve = createClient({ url: server.url, token: author })
    for (let number = 0; number < POSTS; number += 1) {
      const content = `life ${life}, post ${number}`
      contents.push(content)
      expect(await eve.post({ content, sender: 'eve' })).toMatchObject({ status: 'held' })
    }
    const before = { url: server.url, token: admin }
    const approving = approve(before, await readHeld(before))
    const interrupted = await killDuringApproval(workspace.path, server)
    if (interrupted > 0) hits += 1
    await approving

    server = await workspace.start(ACCOUNTS)
    if (interrupted > 0) expect(server.output()).toContain('approval completed')
    const after = { url: server.url, token: admin }
    const waiting = await readHeld(after)
    const published = await createClient(after).list({ limit: 1000 })
    const found = [...waiting, ...published].map(({ content }) => content)
    expect(found.toSorted()).toEqual(contents.toSorted())
    await approve(after, waiting)
  }
  expect(hits).toBe(HITS)

  const reader = createClient({ url: server.url, token: admin })
  await until(async () => (await reader.sync()).pending === 0)
  expect(await server.stop()).toBe(0)
  const repository = join(workspace.path, 'data/repository.git')
  const files = git(repository, 'ls-tree', '-r', '--name-only', 'main', 'messages/').split('\n')
  const committed = files.map((file) => JSON.parse(git(repository, 'show', `main:${file}`)).content)
  expect(committed.toSorted()).toEqual(contents.toSorted())
})
