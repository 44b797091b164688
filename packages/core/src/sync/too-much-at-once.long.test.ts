import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { createGithubBackend } from '@gitmsg/git-sync/github'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { createFakeGithub, type FakeRequest } from '@gitmsg/git-sync/testing'
import { describe, expect, it } from 'vitest'
import { plainGit } from '../testing/git-trees.js'
import { startLimitedGitHost } from '../testing/limited-git-host.js'
import { openNode } from '../testing/open-node.js'

const MAX_BODY_BYTES = 40_000
const MESSAGES = 100
/** Numbers of messages that are too large alone. The first is among the first, the last two follow each other. */
const TOO_LARGE = [2, 60, 61]

/** A repository behind a proxy with a limit on bodies. */
interface LimitedRemote extends AsyncDisposable {
  readonly backend: GitBackend
  readonly rejected: () => number
}

async function openGitHost(): Promise<LimitedRemote> {
  const folder = await mkdtemp(join(tmpdir(), 'too-much-'))
  const repository = join(folder, 'remote.git')
  await plainGit(folder, 'init', '--quiet', '--bare', repository)
  const host = await startLimitedGitHost(repository, MAX_BODY_BYTES)
  const backend = createLocalBackend({ directory: join(folder, 'copy.git'), remote: host.url })
  return {
    backend,
    rejected: () => host.rejected,
    async [Symbol.asyncDispose]() {
      await backend.close()
      await host[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const openGithub = (status: number, message: string) => async (): Promise<LimitedRemote> => {
  let rejected = 0
  const intercept = ({ body, route, method }: FakeRequest) => {
    if (method !== 'POST' || !route.endsWith('/git/trees')) return undefined
    if (Buffer.byteLength(JSON.stringify(body)) <= MAX_BODY_BYTES) return undefined
    rejected += 1
    return { status, body: { message } }
  }
  const { repository, url, settings, close } = await createFakeGithub({ intercept })
  const pace = { perMinute: Number.POSITIVE_INFINITY, perHour: Number.POSITIVE_INFINITY }
  const backend = createGithubBackend({ repository, baseUrl: url, token: settings.token, pace })
  return {
    backend,
    rejected: () => rejected,
    async [Symbol.asyncDispose]() {
      await backend.close()
      await close()
    },
  }
}

describe.each([
  ['a git host behind a proxy', openGitHost, /413/],
  ['GitHub behind a proxy', openGithub(413, 'Payload Too Large'), /413 Payload Too Large/],
  ['GitHub', openGithub(422, 'Sorry, your input was too large to process.'), /422 Sorry, your input was too/],
])('a limit on what %s takes at once', (_, openRemote, words) => {
  it('quarantines only the messages that are too large alone, with the words of the remote', async () => {
    await using remote = await openRemote()
    await using node = await openNode({ wrap: () => remote.backend })
    for (let number = 1; number <= MESSAGES; number += 1) await node.post(contentOf(number))
    await node.importOnce()
    await dispatchAll(node)

    expect(remote.rejected()).toBeGreaterThan(TOO_LARGE.length)
    const quarantined = await node.store.quarantinedChanges()
    expect(quarantined.map(({ message }) => message.id).sort((one, other) => one - other)).toEqual(TOO_LARGE)
    for (const { reason } of quarantined) expect(reason).toMatch(words)
    const pending = await node.store.listMessages({ synchronized: false, limit: 1000 })
    expect(pending).toHaveLength(TOO_LARGE.length)
  })
})

/** Cannot be compressed below the limit if it is too large. */
function contentOf(number: number): string {
  if (!TOO_LARGE.includes(number)) return `message ${number}: ${randomText(1_000)}`
  return randomText(32_000)
}

const randomText = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('')

/** Takes the steps that the loop takes: after a failure it reads the branch again. */
async function dispatchAll(node: Awaited<ReturnType<typeof openNode>>): Promise<void> {
  for (;;) {
    try {
      if ((await node.dispatchOnce()) === 'idle') return
    } catch (error) {
      if (!(error instanceof GitSyncError && ['unavailable', 'stale-head'].includes(error.code))) throw error
      await node.importOnce()
    }
  }
}
