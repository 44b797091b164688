import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GitBackend } from '@gitmsg/git-sync'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import type { Store } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FORMAT_PATH, formatFile } from '../format/format-file.js'
import { silentLogger } from '../logger.js'
import { fileOfAnother } from '../testing/drafts.js'
import { commitTrees, type GitTree, plainGit, plainGitWithInput } from '../testing/git-trees.js'
import { verify } from '../verify/verify.js'
import { importHistory } from './import-history.js'
import { restore } from './restore.js'

const MESSAGES = 1_200
const MEBIBYTE_BYTES = 1024 * 1024
/** Half of what the commit holds, and far more than a batch. */
const MAX_GROWTH_BYTES = 128 * MEBIBYTE_BYTES

let folder = ''
let remote = ''
let backend: GitBackend
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-commits-'))
  remote = join(folder, 'remote.git')
  await plainGit(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  backend = createLocalBackend({ directory: join(folder, 'copy.git'), remote })
  store = await openTemporaryStore()
})

afterEach(async () => {
  await backend.close()
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const format = [FORMAT_PATH, String(formatFile(1).content)] as const

function messageTree(): GitTree {
  const files = Array.from({ length: MESSAGES }, (_, index) => fileOfAnother(index + 1))
  return new Map([format, ...files.map(({ path, content }) => [path, content] as const)])
}

describe('a commit that does not fit into one batch', () => {
  it('is imported whole after an interruption within it, and the cursor never names a part', async () => {
    const root = await commitTrees(remote, { parents: [], tree: new Map([format]) })
    await importHistory({ store, backend, logger: silentLogger })
    const tip = await commitTrees(remote, { parents: [root], tree: messageTree() })

    const controller = new AbortController()
    const onProgress = () => controller.abort()
    const interrupted = importHistory({
      store,
      backend,
      logger: silentLogger,
      onProgress,
      signal: controller.signal,
    })
    await expect(interrupted).rejects.toMatchObject({ code: 'aborted' })
    expect((await store.cursor()).commit).toBe(root)

    const { commits, imported } = await importHistory({ store, backend, logger: silentLogger })
    expect(commits).toBe(1)
    expect(imported).toBeGreaterThan(0)
    expect(imported).toBeLessThan(MESSAGES)
    expect((await store.cursor()).commit).toBe(tip)
    expect(await verify({ store, backend })).toMatchObject({ equal: true, messages: MESSAGES, commits: 2 })
  })

  it('is restored whole after an interruption within it, even if it is the first', async () => {
    await commitTrees(remote, { parents: [], tree: messageTree() })
    const controller = new AbortController()
    const onProgress = () => controller.abort()
    const interrupted = restore({ store, backend, onProgress, signal: controller.signal })
    await expect(interrupted).rejects.toMatchObject({ code: 'aborted' })
    expect((await store.cursor()).commit).toBe(null)

    const { imported } = await restore({ store, backend })
    expect(imported).toBeLessThan(MESSAGES)
    expect(await verify({ store, backend })).toMatchObject({ equal: true, messages: MESSAGES, commits: 1 })
  })

  // Covers IN-72
  it('is read with flat memory by an import, although each of its files is large', async () => {
    const junk = `{"uid":[${'{},'.repeat(80_000)}1]}`
    const blob = await plainGitWithInput(remote, junk, 'hash-object', '-w', '--stdin')
    const entries = Array.from({ length: 1_000 }, (_, index) => `100644 blob ${blob}\t${index}.json`)
    const junkTree = await plainGitWithInput(remote, `${entries.join('\n')}\n`, 'mktree')
    const formatTree = await commitTrees(remote, { parents: [], tree: new Map([format]) })
    const root = `${await plainGit(remote, 'ls-tree', formatTree)}\n040000 tree ${junkTree}\tmessages\n`
    const tree = await plainGitWithInput(remote, root, 'mktree')
    const by = ['-c', 'user.name=p', '-c', 'user.email=p@p']
    const tip = await plainGit(remote, ...by, 'commit-tree', '-p', formatTree, '-m', 'junk', tree)
    await plainGit(remote, 'update-ref', 'refs/heads/main', tip)

    await backend.head()
    const growth = await growthDuring(async () => {
      const { skipped } = await importHistory({ store, backend, logger: silentLogger })
      expect(skipped).toBe(1_000)
    })
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES)
    expect((await store.cursor()).commit).toBe(tip)
  })
})

async function growthDuring(work: () => Promise<void>): Promise<number> {
  const start = process.memoryUsage.rss()
  let peak = start
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return peak - start
}
