import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { append } from '@gitmsg/git-sync'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { draftCommit } from '../format/commit.js'
import { formatFile } from '../format/format-file.js'
import { encodeMessageFile } from '../format/message-file.js'
import { gitIn, type LocalServer, openLocalServers, placesOf } from '../testing/local-servers.js'
import { everythingIn } from '../testing/open-node.js'
import { verify } from '../verify/verify.js'

const SECRETS = ['correct horse battery', 'staple of the second version']

/** Messages before and after one with two secret versions, which is deleted in the end; each change is published. */
async function writeSecret(server: LocalServer): Promise<string> {
  const { post, edit, remove } = await server.node()
  await post('before', { topic: 'chat' })
  const { uid } = await post(`a ${SECRETS[0]}`)
  await post('between')
  await server.synchronize()
  await edit(uid, { content: `a ${SECRETS[1]}` })
  await post('after', { reply_to: uid })
  await server.synchronize()
  await remove(uid)
  await server.synchronize()
  return uid
}

let written: Awaited<ReturnType<typeof openLocalServers>> & { readonly uid: string }
beforeAll(async () => {
  const scene = await openLocalServers(1)
  const [server] = scene.servers as [LocalServer]
  written = { ...scene, uid: await writeSecret(server) }
  await server.close()
})
afterAll(() => written[Symbol.asyncDispose]())

/** Servers on one remote, of which the first has written the secret of this uid. */
async function openWithSecret(count: number) {
  return { ...(await openLocalServers(count, { from: written.folder })), uid: written.uid }
}

const subjectsOf = async (directory: string) =>
  (await gitIn(directory, 'log', '--reverse', '--format=%s', 'main')).split('\n')

describe('purge()', () => {
  it('leaves no trace in the data directory without a remote', async () => {
    await using scene = await openLocalServers(1, { hasRemote: false })
    const [server] = scene.servers as [LocalServer]
    const uid = await writeSecret(server)
    const before = await everythingIn((await server.node()).store)
    const [, ...firstHashes] = (await gitIn(server.directory, 'log', '--format=%H', 'main'))
      .split('\n')
      .reverse()
    mkdirSync(`${server.directory}.damaged`)
    expect(await placesOf(server.data, SECRETS)).not.toEqual([])

    const summary = await server.purge({ uids: [uid, uid] })
    expect(summary).toMatchObject({ purged: true, messages: 1, versions: 0, rewritten: 3, dropped: 2 })
    expect(summary).toMatchObject({ first: firstHashes[0], otherRefs: [], remaining: 0 })
    expect(await placesOf(server.data, SECRETS)).toEqual([])
    expect(existsSync(`${server.directory}.damaged`)).toBe(false)

    expect(await subjectsOf(server.directory)).toEqual([
      'Message 1 from alice',
      'Erase message 2',
      'Message 3 from alice',
      'Message 4 from alice',
    ])
    const erased = await gitIn(server.directory, 'log', '--format=%an %cn%n%B', '-1', 'main~2')
    expect(erased).toBe(`gitmsg gitmsg\nErase message 2\n\nMessage-Id: ${uid}`)
    expect(await gitIn(server.directory, 'fsck', '--strict', '--unreachable')).toBe('')
    expect(await gitIn(server.directory, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main')

    const { store, backend } = await server.node()
    const withoutHashes = (messages: typeof before) => messages.map(({ git_hash: _, ...rest }) => rest)
    expect(withoutHashes(await everythingIn(store))).toEqual(withoutHashes(before))
    expect(await store.summary()).toMatchObject({ pending: 0, history_lost_at: null })
    expect(await verify({ store, backend })).toMatchObject({ equal: true, commits: 4 })
    await server.synchronize()
    expect((await server.node()).events).toEqual([])
  })

  it('other servers on the remote follow, and append nothing again', async () => {
    await using scene = await openWithSecret(3)
    const [one, two, three] = scene.servers as [LocalServer, LocalServer, LocalServer]
    const { uid } = scene
    await two.synchronize()
    await (await two.node()).post('of the second')
    await two.synchronize()
    await three.synchronize()
    await (await three.node()).post('not synchronized yet')

    const summary = await one.purge({ uids: [uid] })
    expect(summary).toMatchObject({ purged: true, rewritten: 4, dropped: 2 })
    for (const server of [two, three, one, two]) await server.synchronize()
    const remote = scene.remote as string
    expect(await gitIn(remote, 'log', '--all', `-S${SECRETS[0]}`, '--format=%H')).toBe('')
    expect((await subjectsOf(remote)).length).toBe(6)
    for (const server of scene.servers) {
      const { store, backend } = await server.node()
      expect(await store.findMessage(uid)).toMatchObject({ content: '', version: 3, is_synchronized: true })
      expect(await verify({ store, backend })).toMatchObject({ equal: true, pending: 0, commits: 6 })
    }
    for (const server of scene.servers) await server.close()
    const places = await placesOf(scene.folder, SECRETS)
    expect(places.filter((place) => place.includes('gitmsg.db'))).toEqual([])
    expect(places.filter((place) => place.includes('data 1'))).toEqual([])

    // The local copies of the other servers have the old objects, until the same is done there.
    for (const server of [two, three]) {
      expect(await server.purge({ uids: [uid] })).toMatchObject({ purged: true, first: null, rewritten: 0 })
      expect(await placesOf(server.data, SECRETS)).toEqual([])
    }
  })

  it('keeps merges, commits of others, and commits with several messages', async () => {
    await using scene = await openLocalServers(1)
    const [server] = scene.servers as [LocalServer]
    const remote = scene.remote as string
    const { post, remove, store } = await server.node()
    const posted = [await post('one'), await post(`two ${SECRETS[0]}`), await post('three')]
    const files = posted.map((message) => ({
      message,
      file: { path: message.path, content: encodeMessageFile(message) },
    }))
    const backend = createLocalBackend({ directory: join(scene.folder, 'github.git'), remote })
    await append(backend, { parent: null, commits: [draftCommit(files, [formatFile(1)])] })
    await backend.close()
    await server.synchronize()

    const work = join(scene.folder, 'work')
    await gitIn(scene.folder, 'clone', '--quiet', remote, 'work')
    const commit = async (...args: string[]) =>
      gitIn(work, '-c', 'user.name=Änne', '-c', 'user.email=a@example.com', ...args)
    await commit('commit', '--allow-empty', '-m', 'by hand')
    await gitIn(work, 'checkout', '--quiet', '-b', 'side', 'HEAD~1')
    await commit('commit', '--allow-empty', '-m', 'on the side')
    await gitIn(work, 'checkout', '--quiet', 'main')
    await commit('merge', '--quiet', '--no-ff', '-m', 'merged', 'side')
    await gitIn(work, 'push', '--quiet', 'origin', 'main')
    const uid = posted[1]?.uid as string
    await server.synchronize()
    await remove(uid)
    await server.synchronize()
    expect(await store.summary()).toMatchObject({ pending: 0 })

    expect(await server.purge({ uids: [uid] })).toMatchObject({ rewritten: 5, dropped: 0 })
    expect((await subjectsOf(remote)).sort()).toEqual(
      // What is left of the deletion's commit is the new version of the format.
      ['Back up 3 messages', 'Erase message 2', 'by hand', 'merged', 'on the side'].sort(),
    )
    expect(await gitIn(remote, 'log', '--merges', '--format=%s %an', 'main')).toBe('merged Änne')
    expect(await placesOf(server.data, SECRETS)).toEqual([])
    const after = await server.node()
    expect(await verify(after)).toMatchObject({ equal: true, messages: 3 })
  })

  it('with versions, keeps the current one as the only one', async () => {
    await using scene = await openLocalServers(2)
    const [one, two] = scene.servers as [LocalServer, LocalServer]
    const { post, edit } = await one.node()
    const { uid } = await post(`a ${SECRETS[0]}`)
    await one.synchronize()
    await edit(uid, { content: `a ${SECRETS[1]}` })
    await post('between')
    await one.synchronize()
    await edit(uid, { content: 'harmless' })
    await one.synchronize()
    await two.synchronize()
    expect(await one.purge({ uids: [uid], versions: true })).toMatchObject({
      versions: 2,
      rewritten: 3,
      dropped: 1,
    })
    expect(await placesOf(one.data, SECRETS)).toEqual([])
    const edited = 'Edit message 1 from alice'
    expect(await subjectsOf(one.directory)).toEqual([edited, edited, 'Message 2 from alice'])
    const changed = await gitIn(one.directory, 'log', '--format=', '--name-only', '-1', 'main~1')
    expect(changed).toBe('.gitmsg/format.json')
    await two.synchronize()
    for (const server of [one, two]) {
      const { store, backend } = await server.node()
      expect(await store.listVersions(uid)).toMatchObject([
        { version: 3, content: 'harmless', is_synchronized: true },
      ])
      expect(await verify({ store, backend })).toMatchObject({ equal: true, pending: 0 })
    }
    await two.close()
    const places = await placesOf(two.data, SECRETS)
    expect(places.filter((place) => place.includes('gitmsg.db'))).toEqual([])
  })

  it('a dry run, and one that is not confirmed, count and change nothing', async () => {
    await using scene = await openWithSecret(1)
    const [server] = scene.servers as [LocalServer]
    const { uid } = scene
    const tip = await gitIn(scene.remote as string, 'rev-parse', 'main')
    const expected = { purged: false, oldTip: tip, newTip: null, rewritten: 3, dropped: 2 }
    expect(await server.purge({ uids: [uid], dryRun: true })).toMatchObject(expected)
    const previews: unknown[] = []
    const confirm = async (preview: unknown) => previews.push(preview) === 0
    expect(await server.purge({ uids: [uid], confirm })).toMatchObject(expected)
    expect(previews).toMatchObject([{ rewritten: 3, dropped: 2 }])
    for (const directory of [scene.remote as string, server.directory]) {
      expect(await gitIn(directory, 'rev-parse', 'main')).toBe(tip)
    }
    expect(await verify(await server.node())).toMatchObject({ equal: true, commits: 6 })
  })

  it('changes nothing if another server appends meanwhile, and succeeds the next time', async () => {
    await using scene = await openWithSecret(2)
    const [one, two] = scene.servers as [LocalServer, LocalServer]
    const { uid } = scene
    const remote = scene.remote as string
    await two.synchronize()
    const confirm = async () => {
      await (await two.node()).post('meanwhile')
      await two.synchronize()
      return true
    }
    await expect(one.purge({ uids: [uid], confirm })).rejects.toMatchObject({ code: 'stale-head' })
    expect(await subjectsOf(remote)).toHaveLength(7)
    expect(await verify(await two.node())).toMatchObject({ equal: true, commits: 7 })
    expect(await one.purge({ uids: [uid] })).toMatchObject({ purged: true, rewritten: 4 })
    expect(await placesOf(one.data, SECRETS)).toEqual([])
  })

  it('continues what was interrupted after the branch was replaced', async () => {
    await using scene = await openWithSecret(1)
    const [server] = scene.servers as [LocalServer]
    const { uid } = scene
    let opened = 0
    const openBackend = () => {
      opened += 1
      if (opened > 1) throw new Error('killed')
      return createLocalBackend({ directory: server.directory, remote: scene.remote })
    }
    await expect(server.purge({ uids: [uid], openBackend })).rejects.toThrow('killed')
    expect(await server.purge({ uids: [uid] })).toMatchObject({ purged: true, first: null })
    expect(await placesOf(server.data, SECRETS)).toEqual([])
    expect(await verify(await server.node())).toMatchObject({ equal: true, pending: 0 })
  })
})

describe('purge() rejects', () => {
  it('messages that are unknown, not deleted, or deleted but not synchronized, and changes nothing', async () => {
    await using scene = await openWithSecret(1)
    const [server] = scene.servers as [LocalServer]
    const { uid } = scene
    const { post, remove } = await server.node()
    const { uid: kept } = await post('kept')
    await server.synchronize()
    const tip = await gitIn(scene.remote as string, 'rev-parse', 'main')
    const rejections = [
      [{ uids: [uid, 'unknown'] }, 'unknown-message'],
      [{ uids: [uid, kept] }, 'not-deleted'],
      [{ uids: [kept], versions: true }, 'not-edited'],
      [{ uids: [uid], versions: true }, 'not-edited'],
    ] as const
    for (const [options, code] of rejections) {
      await expect(server.purge(options)).rejects.toMatchObject({ name: 'PreconditionError', code })
    }
    await (await server.node()).remove(kept)
    const rejection = { code: 'not-synchronized', message: expect.stringContaining(kept) }
    await expect(server.purge({ uids: [uid, kept] })).rejects.toMatchObject(rejection)
    expect(await gitIn(scene.remote as string, 'rev-parse', 'main')).toBe(tip)
    expect(remove).toBeTypeOf('function')
  })

  it('while another process synchronizes the database', async () => {
    await using scene = await openWithSecret(1)
    const [server] = scene.servers as [LocalServer]
    const { uid } = scene
    const { store } = await server.node()
    const lock = await store.acquireSyncLock()
    const { purge } = await import('./purge.js')
    const never = () => Promise.reject(new Error('must not be called'))
    const purging = purge({ store, uids: [uid], openBackend: never, rewriteBranch: never })
    await expect(purging).rejects.toMatchObject({ code: 'synchronizing' })
    await lock?.release()
  })
})
