import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GitBackend } from '@gitmsg/git-sync'
import { createGithubBackend } from '@gitmsg/git-sync/github'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { createFakeGithub } from '@gitmsg/git-sync/testing'
import type { StoredMessage } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it } from 'vitest'
import { encodeMessageFile } from '../format/message-file.js'
import { readSyncStatus } from '../sync/status.js'
import { fileOfAnother } from '../testing/drafts.js'
import { commitTrees, plainGit, treeOfMain } from '../testing/git-trees.js'
import { openNode } from '../testing/open-node.js'
import { verify } from '../verify/verify.js'
import type { Conflict } from './reconcile.js'
import { restore } from './restore.js'

/** A repository that plain git can reach as well. */
interface Remote {
  readonly directory: string
  open(): GitBackend
  close(): Promise<void>
}

async function openLocal(): Promise<Remote> {
  const folder = await mkdtemp(join(tmpdir(), 'merges-'))
  const remote = join(folder, 'remote.git')
  await plainGit(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  let copies = 0
  return {
    directory: remote,
    open() {
      copies += 1
      return createLocalBackend({ directory: join(folder, `${copies}.git`), remote })
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

async function openGithub(): Promise<Remote> {
  const { directory, repository, url, settings, close } = await createFakeGithub()
  const open = () => createGithubBackend({ repository, baseUrl: url, token: settings.token })
  return { directory, open, close }
}

describe.each([
  ['local', openLocal],
  ['github', openGithub],
])('a merge pushed to the branch of a server with the %s backend', (_, openRemote) => {
  /** A server with two messages in the repository, and a second one restored from it after `attack`. */
  async function play(attack: (scene: Scene) => Promise<unknown>) {
    const remote = await openRemote()
    const backend = remote.open()
    const node = await openNode({ wrap: () => backend })
    await node.post('one')
    await node.importOnce()
    await node.dispatchOnce()
    const root = await plainGit(remote.directory, 'rev-parse', 'main')
    await node.post('two')
    await node.dispatchOnce()
    const main = await plainGit(remote.directory, 'rev-parse', 'main')
    const [two] = await node.store.listMessages()
    if (!two) throw new Error('There is no message.')
    const right = await treeOfMain(remote.directory)
    const evil = new Map(right).set(two.path, encodeMessageFile({ ...two, content: 'evil' }))
    await attack({ directory: remote.directory, root, main, two, right, evil })

    const differences = (await verify({ ...node, backend })).differences
    const found = Object.entries(differences).flatMap(([kind, count]) => (count > 0 ? [kind] : []))
    const summary = await node.importOnce()
    node.tracker.idle()
    const status = await readSyncStatus(node.store, backend, node.tracker.current)

    await using restored = await openTemporaryStore()
    const reader = remote.open()
    const conflicts: Conflict[] = []
    const onConflict = (conflict: Conflict) => void conflicts.push(conflict)
    const { conflicts: count } = await restore({ store: restored, backend: reader, onConflict })
    expect(count).toBe(conflicts.length)
    const { equal } = await verify({ store: restored, backend: reader })
    const texts = (await restored.listMessages()).map(({ content }) => content).reverse()
    const own = await node.contents()
    const stored = await node.store.listMessages()
    await Promise.all([reader.close(), backend.close(), node.store.close()])
    await remote.close()
    return { two, found, summary, status, conflicts, equal, texts, own, stored }
  }

  interface Scene {
    readonly directory: string
    readonly root: string
    readonly main: string
    readonly two: StoredMessage
    readonly right: Map<string, string>
    readonly evil: Map<string, string>
  }

  it('is a difference and a conflict if it puts another text in the place of a message', async () => {
    const { two, ...result } = await play(({ directory, root, main, evil }) =>
      commitTrees(directory, { parents: [root], tree: evil }, { parents: [0, main], tree: evil }),
    )
    expect(result.found).toEqual(['other-bytes'])
    expect(result.own).toEqual(['one', 'two'])
    expect(result.summary.conflicts).toBeGreaterThan(0)
    expect(result.status.last_error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(two.path),
    })
    expect(result.texts).toEqual(['one', 'evil'])
    expect(result.conflicts).toMatchObject([{ uid: two.uid, path: two.path, commit: two.git_hash }])
  })

  it.each(['side, main', 'main, side'])(
    'restores what the head has, and names the conflict, with the parents %s',
    async (order) => {
      const { two, ...result } = await play(({ directory, root, main, right, evil }) =>
        commitTrees(
          directory,
          { parents: [root], tree: evil },
          { parents: order === 'side, main' ? [0, main] : [main, 0], tree: right },
        ),
      )
      expect(result.found).toEqual([])
      expect(result.own).toEqual(['one', 'two'])
      expect(result.status.last_error?.code).toBe('conflict')
      expect(result.texts).toEqual(['one', 'two'])
      expect(result.equal).toBe(true)
      expect(result.conflicts).toMatchObject([{ uid: two.uid, path: two.path }])
    },
  )

  it.each(['side, main', 'main, side'])(
    'is a difference if it drops a message, with the parents %s',
    async (order) => {
      const { found, own } = await play(({ directory, root, main, two, right }) => {
        const dropped = new Map([...right].filter(([path]) => path !== two.path))
        const parents = order === 'side, main' ? [0, main] : [main, 0]
        return commitTrees(directory, { parents: [root], tree: dropped }, { parents, tree: dropped })
      })
      expect(found).toEqual(['missing-in-repository'])
      expect(own).toEqual(['one', 'two'])
    },
  )

  it.each(['side, main', 'main, side'])(
    'brings the messages of both sides without a conflict, with the parents %s',
    async (order) => {
      const other = fileOfAnother(7)
      let side = ''
      const result = await play(async ({ directory, root, main, two, right }) => {
        const merged = new Map(right).set(other.path, other.content)
        const tree = new Map([...merged].filter(([path]) => path !== two.path))
        const parents = order === 'side, main' ? [0, main] : [main, 0]
        await commitTrees(directory, { parents: [root], tree }, { parents, tree: merged })
        side = await plainGit(directory, 'rev-parse', order === 'side, main' ? 'main^1' : 'main^2')
      })
      expect(result.found).toEqual(['missing-in-database'])
      expect(result).toMatchObject({ conflicts: [], equal: true, summary: { imported: 1, conflicts: 0 } })
      expect(result.status.last_error).toBeNull()
      expect(result.texts.sort()).toEqual(['hi', 'one', 'two'])
      expect(result.stored[0]).toMatchObject({ content: 'hi', git_hash: side })
    },
  )
})
