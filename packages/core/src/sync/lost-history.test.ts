import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, vi } from 'vitest'
import { createEngine } from '../engine.js'
import { aroundPublishing } from '../testing/faulty-backends.js'
import { everythingIn } from '../testing/open-node.js'
import { verify } from '../verify/verify.js'

/** An engine with a real remote that holds six of its messages and rejects forced pushes. */
async function openPair() {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-audit-'))
  const remote = join(folder, 'remote.git')
  const git = (...args: string[]) => execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' }).trim()
  const makeRemote = () => {
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])
    git('config', 'receive.denyNonFastForwards', 'true')
    git('config', 'receive.denyDeletes', 'true')
  }
  makeRemote()

  const store = await openTemporaryStore()
  const directory = join(folder, 'copy.git')
  const local = createLocalBackend({ directory, remote, environment: process.env })
  let mayAppend = Promise.resolve()
  const backend = aroundPublishing(local, (publish) => mayAppend.then(publish))
  const log = vi.fn()
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: log }
  const engine = createEngine({ store, backend, logger })
  await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((content) => engine.post({ content, sender: 'alice' })),
  )
  await engine.sync()

  return {
    engine,
    store,
    backend,
    git,
    log,
    makeRemote,
    removeRemote: () => rmSync(remote, { recursive: true }),
    /** A foreign commit that shares no history with the branch. */
    commitElsewhere: () => {
      const tree = git('hash-object', '-w', '-t', 'tree', '/dev/null')
      const author = ['-c', 'user.name=bob', '-c', 'user.email=bob@example.org']
      return git(...author, 'commit-tree', tree, '-m', 'elsewhere')
    },
    /** Holds back every append until the returned function is called. */
    holdAppends() {
      let release = () => {}
      mayAppend = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    async [Symbol.asyncDispose]() {
      await engine.close()
      await backend.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

type Pair = Awaited<ReturnType<typeof openPair>>

describe('a remote that lost synchronized history', () => {
  it.each<[string, (pair: Pair) => unknown, { kept: number; foreign?: boolean }]>([
    ['was rolled back', ({ git }) => git('update-ref', 'refs/heads/main', 'main~4'), { kept: 2 }],
    [
      'was rewritten',
      ({ git, commitElsewhere }) => git('update-ref', 'refs/heads/main', commitElsewhere()),
      { kept: 0, foreign: true },
    ],
    ['lost its branch', ({ git }) => git('update-ref', '-d', 'refs/heads/main'), { kept: 0 }],
    [
      'was replaced by an empty one',
      ({ removeRemote, makeRemote }) => {
        removeRemote()
        makeRemote()
      },
      { kept: 0 },
    ],
  ])(
    'is noticed because it %s, reported as an error, and gets everything again',
    async (_, damage, { kept, foreign }) => {
      await using pair = await openPair()
      const before = await everythingIn(pair.store)
      damage(pair)
      const found = foreign ? pair.git('rev-parse', 'main') : null
      const release = pair.holdAppends()
      const synced = pair.engine.sync()
      await vi.waitFor(async () => {
        expect(await pair.engine.status()).toMatchObject({
          pending: 6 - kept,
          last_error: { code: 'history-lost', message: expect.stringMatching(/appended again/) },
        })
        expect(pair.log).toHaveBeenCalledOnce()
      })

      release()
      expect(await synced).toMatchObject({ state: 'idle', pending: 0, last_error: null })
      expect(await verify(pair)).toMatchObject({ equal: true, messages: 6, commits: foreign ? 7 : 6 })
      if (found) pair.git('merge-base', '--is-ancestor', found, 'main')
      else expect(await everythingIn(pair.store)).toEqual(before) // the same commits, made again
    },
  )
})
