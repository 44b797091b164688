import { join } from 'node:path'
import { createClient, type HeldPost } from '@gitmsg/client'
import { expect, it } from 'vitest'
import { ACCOUNTS, createSession } from '../testing/accounts.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

const POSTS = 8
/** From the beginning of the approvals, which take some 20 ms. */
const DELAYS_MS = [8, 16, 24]

interface Moderator {
  readonly url: string
  readonly token: string
}

const readHeld = async (moderator: Moderator): Promise<readonly HeldPost[]> =>
  await createClient(moderator).held({ limit: 1000 })

/** Approves posts, at once and without trying again; resolves with how many got a response. */
async function approve({ url, token }: Moderator, held: readonly HeldPost[]): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const approvals = held.map(({ held_id }) =>
    fetch(new URL(`moderation/${held_id}/approve`, url), { method: 'POST', headers, body: '{}' }),
  )
  return (await Promise.allSettled(approvals)).filter(({ status }) => status === 'fulfilled').length
}

it('a server that is killed during approvals has each post once: as a message, or held', async () => {
  await using workspace = await openWorkspace()
  let server = await workspace.start(ACCOUNTS)
  const admin = await createSession(workspace.path, server.url, ['ada', '--admin'])
  const author = await createSession(workspace.path, server.url, ['eve'])
  const contents: string[] = []
  let interrupted = 0

  for (const [life, delay] of DELAYS_MS.entries()) {
    const eve = createClient({ url: server.url, token: author })
    for (let number = 0; number < POSTS; number += 1) {
      const content = `life ${life}, post ${number}`
      contents.push(content)
      expect(await eve.post({ content, sender: 'eve' })).toMatchObject({ status: 'held' })
    }
    const before = { url: server.url, token: admin }
    const approving = approve(before, await readHeld(before))
    await new Promise((resolve) => setTimeout(resolve, delay))
    await server.stop('SIGKILL')
    interrupted += POSTS - (await approving)

    server = await workspace.start(ACCOUNTS)
    const after = { url: server.url, token: admin }
    const waiting = await readHeld(after)
    const published = await createClient(after).list({ limit: 1000 })
    const found = [...waiting, ...published].map(({ content }) => content)
    expect(found.toSorted()).toEqual(contents.toSorted())
    await approve(after, waiting)
  }
  expect(interrupted).toBeGreaterThan(0)

  const reader = createClient({ url: server.url, token: admin })
  await until(async () => (await reader.sync()).pending === 0)
  expect(await server.stop()).toBe(0)
  const repository = join(workspace.path, 'data/repository.git')
  const files = git(repository, 'ls-tree', '-r', '--name-only', 'main', 'messages/').split('\n')
  const committed = files.map((file) => JSON.parse(git(repository, 'show', `main:${file}`)).content)
  expect(committed.toSorted()).toEqual(contents.toSorted())
})
