import { open as openFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { silentLogger } from '../../logger.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import type { UpkeepFileSystem } from './open-files.js'
import { removeStaleFiles } from './stale-files.js'

const HOUR = 3_600_000

const STALE = {
  'HEAD.lock': '',
  'packed-refs.lock': '',
  fast_import_crash_123: 'fast-import crash report',
  'refs/heads/main.lock': '',
  'refs/heads/deep/er.lock': '',
  'refs/gitmsg/outgoing.lock': '',
  'objects/maintenance.lock': '',
  'objects/12/tmp_obj_x': '',
  'objects/pack/tmp_pack_x': '',
  'objects/pack/multi-pack-index.lock': '',
  'objects/pack/pack-1.keep': 'fast-import',
  'objects/pack/pack-2.keep': 'fetch-pack 12 on host',
  'objects/info/commit-graphs/commit-graph-chain.lock': '',
}
const OTHER = {
  HEAD: 'ref: refs/heads/main',
  'refs/heads/main': '',
  'objects/12/3456': '',
  'objects/pack/pack-3.pack': '',
  'objects/pack/pack-3.keep': '',
  'hooks/something.lock': '',
}

const remove = async (files: Record<string, string>, age: number) => {
  const { fs, vol } = memfs(files, '/repository')
  const now = Date.now() + age
  let locks = 0
  const onLockRemoved = () => {
    locks += 1
  }
  const options = { fs: fs.promises as unknown as UpkeepFileSystem, directory: '/repository' }
  const error = await removeStaleFiles({
    ...options,
    clock: () => now,
    logger: silentLogger,
    onLockRemoved,
  }).catch((thrown) => thrown)
  const remaining = Object.entries(vol.toJSON()).filter(([, content]) => content !== null)
  return { error, locks, remaining: remaining.map(([path]) => path.slice('/repository/'.length)).sort() }
}

describe('removeStaleFiles', () => {
  it('removes the locks and temporary files of a killed git, and nothing else', async () => {
    const { error, remaining, locks } = await remove({ ...STALE, ...OTHER }, HOUR)
    expect(error).toBeUndefined()
    expect(locks).toBe(Object.keys(STALE).filter((path) => path.endsWith('.lock')).length)
    expect(remaining).toEqual(Object.keys(OTHER).sort())
  })

  it('throws unavailable for a lock that is only a second old, and keeps it', async () => {
    const { error, remaining } = await remove({ 'refs/heads/main.lock': '', ...OTHER }, 1000)
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(remaining).toContain('refs/heads/main.lock')
  })

  it('keeps a temporary file that is only a second old', async () => {
    const { error, remaining } = await remove({ 'objects/pack/tmp_pack_x': '' }, 1000)
    expect(error).toBeUndefined()
    expect(remaining).toEqual(['objects/pack/tmp_pack_x'])
  })

  it('does nothing in a directory that does not exist', async () => {
    expect((await remove({}, HOUR)).error).toBeUndefined()
  })

  it(
    'removes the lock of a killed git once it is old, when a backend opens the repository',
    withLocalFixture(async ({ folder, open }) => {
      const parent = last(
        await append(open('copy.git', { remote: null }), { parent: null, commits: [draft('one')] }),
      )
      const lock = join(folder, 'copy.git', 'refs', 'heads', 'main.lock')
      await writeFile(lock, '')
      const reopened = open('copy.git', { remote: null })
      await expect(reopened.head()).rejects.toMatchObject({ code: 'unavailable' })
      await utimes(lock, 1, 1)
      await append(reopened, { parent, commits: [draft('two')] })
      expect(await subjectsSince(reopened)).toEqual(['one', 'two'])
    }),
  )

  it(
    'removes the lock of a killed git once it is old, while a backend uses the repository',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      const lock = join(folder, 'own.git', 'refs', 'heads', 'main.lock')
      await writeFile(lock, '')
      const appendTwo = () => append(backend, { parent, commits: [draft('two')] })
      await expect(appendTwo()).rejects.toMatchObject({ code: 'unavailable' })
      await utimes(lock, 1, 1)
      await appendTwo()
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
    }),
  )

  it.runIf(process.platform === 'linux')(
    'keeps an old lock that a process has open, until that process closes it',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      const path = join(folder, 'own.git', 'refs', 'heads', 'main.lock')
      const lock = await openFile(path, 'w')
      await utimes(path, 1, 1)
      const appendTwo = () => append(backend, { parent, commits: [draft('two')] })
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await expect(appendTwo()).rejects.toMatchObject({ code: 'unavailable' })
      }
      await lock.close()
      await appendTwo()
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
    }),
  )
})
