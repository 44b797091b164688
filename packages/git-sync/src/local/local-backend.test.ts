import { chmod, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../testing/drafts.js'
import { describeBackendContract, type OpenBackendFixture } from '../testing/index.js'
import { createLocalBackend } from './local-backend.js'
import { createLocalFixture, plainGit, withLocalFixture } from './testing/local-fixture.js'

const openWithoutRemote: OpenBackendFixture = async () => {
  const { open, dispose } = await createLocalFixture()
  const openOne = () => open('repository.git', { remote: null })
  return { backend: openOne(), other: async () => openOne(), dispose }
}

const openWithRemote: OpenBackendFixture = async () => {
  const { open, dispose } = await createLocalFixture()
  return { backend: open('one.git'), other: async () => open('two.git'), dispose }
}

describeBackendContract('local', openWithoutRemote)
describeBackendContract('local with a remote', openWithRemote)

describe('local backend', () => {
  it.each([
    [{ remot: 'x' }, 'unknown option "remot"'],
    [{ timeouts: { qery: 1 } }, 'unknown option "timeouts.qery"'],
    [{ maxFetchBytes: 0 }, 'maxFetchBytes must be a positive number'],
    [{ shallow: true }, 'a shallow repository needs a remote'],
  ])('rejects a wrong option by its name: %j', (options, message) => {
    expect(() => createLocalBackend({ directory: 'x', ...options } as never)).toThrow(
      expect.objectContaining({ code: 'misconfigured', message }),
    )
  })

  it(
    'leaves a linear history without a complaint from git fsck, in the remote and in the local copy',
    withLocalFixture(async ({ folder, remote, open }) => {
      const backend = open('copy.git')
      const commits = Array.from({ length: 150 }, (_, index) => draft(`${index}`, file(`files/${index}`)))
      const tip = last(await append(backend, { parent: null, commits }))
      await append(backend, { parent: tip, commits: [draft('größer', file('ä/"b"', 'ü'))] })

      for (const repository of [remote, join(folder, 'copy.git')]) {
        expect(await plainGit(repository, 'fsck', '--strict', '--no-dangling')).toBe('')
        expect(await plainGit(repository, 'rev-list', '--count', 'main')).toBe('151\n')
        expect(await plainGit(repository, 'rev-list', '--min-parents=2', 'main')).toBe('')
      }
      const copy = join(folder, 'copy.git')
      expect(await plainGit(copy, 'log', '-1', '--format=%an %ae %aI %cn %s')).toBe(
        'Ada Lovelace ada@example.invalid 2025-01-09T00:06:41+00:00 contract größer\n',
      )
      expect(await plainGit(copy, 'show', 'HEAD:ä/"b"')).toBe('ü')
    }),
  )

  it(
    'throws unknown-cursor for a cursor that a rewritten remote no longer contains',
    withLocalFixture(async ({ remote, open }) => {
      const backend = open('copy.git')
      const [one = '', two = ''] = await append(backend, {
        parent: null,
        commits: [draft('one'), draft('two')],
      })
      await plainGit(remote, 'update-ref', 'refs/heads/main', one)
      await expect(readAll(backend, two)).rejects.toMatchObject({ code: 'unknown-cursor' })
      await plainGit(remote, 'update-ref', '-d', 'refs/heads/main')
      await expect(readAll(backend, two)).rejects.toMatchObject({ code: 'unknown-cursor' })
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'uses the given branch, and points HEAD at it',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('copy.git', { branch: 'logs/a' }), { parent: null, commits: [draft('one')] })
      expect(await readFile(join(folder, 'copy.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/logs/a\n')
    }),
  )

  it(
    'touches nothing until its first operation',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git')
      expect(await readdir(folder)).toEqual(['remote.git'])
      await backend.head()
      expect(await readdir(folder)).toEqual(['copy.git', 'remote.git'])
    }),
  )
})

describe('a damaged local repository', () => {
  it(
    'is created again if its directory was removed while it was open',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git')
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await rm(join(folder, 'copy.git'), { recursive: true })
      const appendTwo = () => append(backend, { parent, commits: [draft('two')] })
      await appendTwo().catch(appendTwo)
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
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
  it.each(damages)('is rebuilt from the remote: %s', async (_, damage) => {
    await withLocalFixture(async ({ folder, open }) => {
      const first = open('copy.git')
      const parent = last(await append(first, { parent: null, commits: [draft('one'), draft('two')] }))
      await first.close()
      await damage(join(folder, 'copy.git'))

      const reopened = open('copy.git')
      await retryOnce(() => append(reopened, { parent, commits: [draft('three')] }))
      const subjects = await retryOnce(() => subjectsSince(reopened))
      expect(subjects).toEqual(['one', 'two', 'three'])
      expect(await plainGit(join(folder, 'copy.git'), 'fsck', '--strict', '--no-dangling')).toBe('')
    })()
  })

  it(
    'is rebuilt without a remote if it is rebuildable, in a directory of the same mode',
    withLocalFixture(async ({ folder, open }) => {
      const options = { remote: null, rebuildable: true }
      const hashes = await append(open('own.git', options), { parent: null, commits: [draft('one')] })
      await emptyObjects(join(folder, 'own.git'))
      await chmod(join(folder, 'own.git'), 0o770)

      const reopened = open('own.git', options)
      const appendTwo = () => append(reopened, { parent: last(hashes), commits: [draft('two')] })
      await expect(retryOnce(appendTwo)).rejects.toMatchObject({ code: 'stale-head' })
      expect(await reopened.head()).toBeNull()
      expect(await append(reopened, { parent: null, commits: [draft('one')] })).toEqual(hashes)
      expect(await readdir(folder)).toContain('own.git.damaged')
      expect((await stat(join(folder, 'own.git'))).mode & 0o777).toBe(0o770)
    }),
  )

  it(
    'is reported as corrupt and left alone if it is not rebuildable',
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

/** Retries once when the repository is unavailable. */
const retryOnce = <T>(operation: () => Promise<T>): Promise<T> =>
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
