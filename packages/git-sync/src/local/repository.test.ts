import { chmod, open as openFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../git-backend.js'
import { silentLogger } from '../logger.js'
import { draft, last, subjectsSince } from '../testing/drafts.js'
import { plainGit, withLocalFixture } from './testing/local-fixture.js'

describe('a damaged repository', () => {
  it(
    'is freed of locks that a killed git left behind, once they are old',
    withLocalFixture(async ({ folder, open }) => {
      const parent = last(
        await append(open('copy.git', { remote: null }), { parent: null, commits: [draft('one')] }),
      )
      const lock = join(folder, 'copy.git', 'refs', 'heads', 'main.lock')
      await writeFile(lock, '')
      const again = open('copy.git', { remote: null })
      await expect(again.head()).rejects.toMatchObject({ code: 'unavailable' })
      await utimes(lock, 1, 1)
      await append(again, { parent, commits: [draft('two')] })
      expect(await subjectsSince(again)).toEqual(['one', 'two'])
    }),
  )

  it(
    'is freed of them also while it is in use',
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
    'keeps a lock that somebody holds open, however old it is, until it is let go',
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

  it(
    'is made again when its folder was removed while it is in use',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git')
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await rm(join(folder, 'copy.git'), { recursive: true })
      const appendTwo = () => append(backend, { parent, commits: [draft('two')] })
      await appendTwo().catch(appendTwo)
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
    }),
  )

  it(
    'gets its copy of the branch back where somebody moved it, and says so',
    withLocalFixture(async ({ folder, open }) => {
      const warn = vi.fn()
      const backend = open('copy.git', { logger: { ...silentLogger, warn } })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await writeFile(join(folder, 'copy.git', 'refs/heads/main'), `${'1'.repeat(40)}\n`)
      expect(warn).not.toHaveBeenCalled()
      const tip = last(await append(backend, { parent, commits: [draft('two')] }))
      expect(warn).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('set again'))
      expect(await plainGit(join(folder, 'copy.git'), 'rev-parse', 'main')).toBe(`${tip}\n`)
    }),
  )

  const damages: [string, (directory: string) => Promise<unknown>][] = [
    ['its HEAD is garbage', (directory) => writeFile(join(directory, 'HEAD'), 'garbage')],
    ['its configuration is garbage', (directory) => writeFile(join(directory, 'config'), '[[[')],
    ['its branch is empty', (directory) => writeFile(join(directory, 'refs/heads/main'), '')],
    [
      'its branch names no commit',
      (directory) => writeFile(join(directory, 'refs/heads/main'), `${'1'.repeat(40)}\n`),
    ],
    ['its packed refs are garbage', (directory) => writeFile(join(directory, 'packed-refs'), '???\n')],
    ['its list of shallow commits is garbage', (directory) => writeFile(join(directory, 'shallow'), '???\n')],
    ['its objects are empty', emptyObjects],
    [
      'its objects are gone',
      async (directory) => {
        await rm(join(directory, 'objects'), { recursive: true })
      },
    ],
  ]
  it.each(damages)('is built again from the remote when %s', async (_, damage) => {
    await withLocalFixture(async ({ folder, open }) => {
      const first = open('copy.git')
      const parent = last(await append(first, { parent: null, commits: [draft('one'), draft('two')] }))
      await first.close()
      await damage(join(folder, 'copy.git'))

      const again = open('copy.git')
      await atSecondTry(() => append(again, { parent, commits: [draft('three')] }))
      const subjects = await atSecondTry(() => subjectsSince(again))
      expect(subjects).toEqual(['one', 'two', 'three'])
      expect(await plainGit(join(folder, 'copy.git'), 'fsck', '--strict', '--no-dangling')).toBe('')
    })()
  })

  it(
    'is begun anew without a remote, when its owner can make everything again',
    withLocalFixture(async ({ folder, open }) => {
      const options = { remote: null, rebuildable: true }
      const hashes = await append(open('own.git', options), { parent: null, commits: [draft('one')] })
      await emptyObjects(join(folder, 'own.git'))
      await chmod(join(folder, 'own.git'), 0o770)

      const again = open('own.git', options)
      const appended = () => append(again, { parent: last(hashes), commits: [draft('two')] })
      await expect(atSecondTry(appended)).rejects.toMatchObject({ code: 'stale-head' })
      expect(await again.head()).toBeNull()
      expect(await append(again, { parent: null, commits: [draft('one')] })).toEqual(hashes)
      expect(await readdir(folder)).toContain('own.git.damaged')
      // Whoever shares the folder with others goes on doing so.
      expect((await stat(join(folder, 'own.git'))).mode & 0o777).toBe(0o770)
    }),
  )

  it(
    'is left alone, and reported, when there is no remote to build it from',
    withLocalFixture(async ({ folder, open }) => {
      const first = open('copy.git', { remote: null })
      await append(first, { parent: null, commits: [draft('one')] })
      await writeFile(join(folder, 'copy.git', 'refs/heads/main'), '')
      await expect(first.head()).rejects.toMatchObject({ code: 'corrupt' })
      await expect(append(first, { parent: null, commits: [draft('two')] })).rejects.toMatchObject({
        code: 'corrupt',
      })
      expect(await readdir(folder)).toEqual(['copy.git', 'remote.git'])
    }),
  )
})

/** What a caller does who is told that the repository is unavailable. */
const atSecondTry = <T>(operation: () => Promise<T>): Promise<T> =>
  operation().catch((error) => {
    expect(error).toMatchObject({ code: 'unavailable' })
    return operation()
  })

async function emptyObjects(directory: string): Promise<void> {
  const names = await readdir(join(directory, 'objects'), { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(0)
  for (const { parentPath, name } of files) {
    await chmod(join(parentPath, name), 0o644)
    await truncate(join(parentPath, name))
  }
}
