import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GitSyncError, type GitSyncErrorCode } from '../git-sync-error.js'
import { silentLogger } from '../logger.js'
import { NEVER_ABORTED } from './git/git-command.js'
import { createRepository, type RepositoryOptions } from './repository.js'
import { createGitWrapper } from './testing/git-wrapper.js'
import { plainGit, withLocalFixture } from './testing/local-fixture.js'
import { createTestGit } from './testing/test-git.js'

const REBUILD_PERIOD_MS = 10 * 60_000
const OTHER_HEAD = 'ref: refs/heads/other\n'

/** A repository with a real git, whose collaborators only record their calls. */
function createTestRepository(directory: string, options: Partial<RepositoryOptions> = {}) {
  const audit = { start: vi.fn(), stop: vi.fn(), report: vi.fn() }
  const maintenance = { stop: vi.fn(async () => {}) }
  const logger = { ...silentLogger, info: vi.fn(), warn: vi.fn() }
  const onEvent = vi.fn()
  const repository = createRepository({
    git: createTestGit(directory),
    directory,
    branch: 'main',
    audit,
    maintenance,
    configure: async () => {},
    clock: Date.now,
    logger,
    onEvent,
    isRebuildable: true,
    isCopy: true,
    allowsShallow: false,
    ...options,
  })
  return { repository, open: () => repository.open(NEVER_ABORTED), audit, maintenance, logger, onEvent }
}

const corrupt = () => new GitSyncError('corrupt', 'a bad object')

describe('Repository.open', () => {
  it(
    'creates a bare repository once, starts its audit, and logs it',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'new', 'own.git')
      const { repository, open, audit, logger } = createTestRepository(directory, { branch: 'logs/a' })
      expect(repository.generation).toBe(0)
      await open()
      await open()
      expect(repository.generation).toBe(1)
      expect(audit.start).toHaveBeenCalledOnce()
      expect(logger.info.mock.calls).toEqual([[{ directory }, 'local repository created']])
      expect(await plainGit(directory, 'rev-parse', '--is-bare-repository')).toBe('true\n')
      expect(await readFile(join(directory, 'HEAD'), 'utf8')).toBe('ref: refs/heads/logs/a\n')
    }),
  )

  it(
    'opens an existing repository without logging anything',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      await createTestRepository(directory).open()
      const { open, logger, onEvent } = createTestRepository(directory)
      await open()
      for (const spy of [logger.info, logger.warn, onEvent]) expect(spy).not.toHaveBeenCalled()
    }),
  )

  it(
    'throws misconfigured for a directory of something else, and leaves it as it is',
    withLocalFixture(async ({ folder, open }) => {
      await mkdir(join(folder, 'documents'))
      await writeFile(join(folder, 'documents', 'letter.txt'), '')
      const backend = open('documents')
      await expect(backend.head()).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await readdir(join(folder, 'documents'))).toEqual(['letter.txt'])
    }),
  )

  it.each([
    ['a file', (path: string) => writeFile(path, 'a letter')],
    ['a link to nothing', (path: string) => symlink('/nonexistent/place', path)],
  ])('names what is in the place of the directory, and leaves it there: %s', async (_, put) => {
    await withLocalFixture(async ({ folder, open }) => {
      await put(join(folder, 'own.git'))
      await expect(open('own.git').head()).rejects.toMatchObject({
        code: 'misconfigured',
        message: '"own.git", the directory of the repository, is not a directory: move it away',
      })
      expect(await readdir(folder)).toEqual(['own.git', 'remote.git'])
      await rm(join(folder, 'own.git'))
      expect(await open('own.git').head()).toBeNull()
    })()
  })

  it(
    'throws misconfigured if git is too old',
    withLocalFixture(async ({ folder, open }) => {
      const old = await createGitWrapper(folder, 'fault; echo git version 2.30.9; exit 0')
      await expect(open('b.git', old).head()).rejects.toMatchObject({
        code: 'misconfigured',
        message: 'git 2.30 is too old: 2.31 or later is required',
      })
      expect(await old.faults()).toBe(1)
    }),
  )

  it(
    'throws misconfigured if the program is not Git',
    withLocalFixture(async ({ folder }) => {
      const other = await createGitWrapper(folder, 'echo goat version 3; exit 0')
      const git = createTestGit(join(folder, 'own.git'), other)
      const { open } = createTestRepository(join(folder, 'own.git'), { git })
      await expect(open()).rejects.toMatchObject({ code: 'misconfigured', message: /is not Git/ })
    }),
  )

  it.each([
    ['missing', '', (path: string) => rm(path)],
    ['another branch', OTHER_HEAD, (path: string) => writeFile(path, OTHER_HEAD)],
  ])('resets a HEAD that is wrong, and logs a warning: %s', async (_, head, damage) => {
    await withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      await createTestRepository(directory).open()
      await damage(join(directory, 'HEAD'))
      const { open, logger } = createTestRepository(directory)
      await open()
      expect(await readFile(join(directory, 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n')
      expect(logger.warn.mock.calls).toEqual([
        [{ head }, 'HEAD of the local repository was wrong: reset to the branch'],
      ])
    })()
  })

  it(
    'throws corrupt for a HEAD that git cannot read',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      await createTestRepository(directory).open()
      await writeFile(join(directory, 'HEAD'), 'garbage')
      await expect(createTestRepository(directory).open()).rejects.toMatchObject({ code: 'corrupt' })
    }),
  )

  it(
    'throws the damage that the audit has found',
    withLocalFixture(async ({ folder }) => {
      const { open, audit } = createTestRepository(join(folder, 'own.git'))
      audit.report.mockImplementationOnce(() => {
        throw corrupt()
      })
      await expect(open()).rejects.toMatchObject({ code: 'corrupt' })
      await open()
    }),
  )

  // Covers V14.2.4
  it.skipIf(process.platform === 'win32')(
    'creates a directory for its owner only, and keeps the mode of an existing one',
    withLocalFixture(async ({ folder, open }) => {
      const modeOf = async (name: string) => ((await stat(join(folder, name))).mode & 0o777).toString(8)
      await open('new/own.git').head()
      expect([await modeOf('new/own.git'), await modeOf('new')]).toEqual(['700', '700'])

      await mkdir(join(folder, 'shared.git'))
      await chmod(join(folder, 'shared.git'), 0o775)
      await open('shared.git').head()
      expect(await modeOf('shared.git')).toBe('775')
    }),
  )
})

describe('Repository.failed', () => {
  afterEach(() => void vi.useRealTimers())

  it(
    'archives a damaged repository, so that the next open creates a new one',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      const archive = `${directory}.damaged`
      await mkdir(archive)
      await writeFile(join(archive, 'an older archive'), '')
      const { repository, open, audit, maintenance, logger, onEvent } = createTestRepository(directory)
      await open()
      const cause = corrupt()
      expect(await repository.failed(cause)).toMatchObject({
        code: 'unavailable',
        message: 'the local repository is damaged: archived, rebuilding',
        cause,
      })
      expect(maintenance.stop).toHaveBeenCalledOnce()
      expect(audit.stop).toHaveBeenCalledOnce()
      expect(logger.warn.mock.calls).toEqual([
        [{ archive }, 'local repository is damaged: archived, rebuilding'],
      ])
      expect(onEvent.mock.calls).toEqual([['rebuilding']])
      expect(await readdir(directory)).toEqual([])
      expect(await readdir(archive)).toContain('HEAD')
      expect(await readdir(archive)).not.toContain('an older archive')
      await open()
      expect(repository.generation).toBe(2)
      expect(await readdir(directory)).toContain('HEAD')
    }),
  )

  it(
    'rebuilds a damaged repository at most 5 times in 10 minutes',
    withLocalFixture(async ({ folder }) => {
      vi.useFakeTimers({ toFake: ['performance'] })
      const { repository, open, onEvent } = createTestRepository(join(folder, 'own.git'))
      const failWithDamage = async () => {
        await open()
        return ((await repository.failed(corrupt())) as GitSyncError).code
      }
      for (let rebuild = 1; rebuild <= 5; rebuild += 1) {
        expect(await failWithDamage()).toBe('unavailable')
        vi.advanceTimersByTime(1000)
      }
      expect(await failWithDamage()).toBe('corrupt')
      expect(onEvent).toHaveBeenCalledTimes(5)

      vi.advanceTimersByTime(REBUILD_PERIOD_MS - 5000)
      expect(await failWithDamage()).toBe('unavailable')
      expect(await failWithDamage()).toBe('corrupt')
    }),
  )

  it(
    'returns the damage of a repository that is not rebuildable, and leaves it alone',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      const { repository, open, onEvent } = createTestRepository(directory, { isRebuildable: false })
      await open()
      const error = corrupt()
      expect(await repository.failed(error)).toBe(error)
      expect(onEvent).not.toHaveBeenCalled()
      expect(await readdir(folder)).toEqual(['own.git', 'remote.git'])
    }),
  )

  it(
    'returns the damage if the repository cannot be archived',
    withLocalFixture(async ({ folder }) => {
      const directory = join(folder, 'own.git')
      const { repository, open, onEvent } = createTestRepository(directory)
      await open()
      await rename(directory, join(folder, 'elsewhere.git'))
      const error = corrupt()
      expect(await repository.failed(error)).toBe(error)
      expect(onEvent).not.toHaveBeenCalled()
    }),
  )

  it.each<GitSyncErrorCode>([
    'stale-head',
    'unknown-cursor',
    'unauthorized',
    'forbidden',
    'rate-limited',
    'rejected',
    'invalid-change',
    'aborted',
  ])('keeps the repository open after a failure of the remote or the caller: %s', async (code) => {
    await withLocalFixture(async ({ folder }) => {
      const { repository, open, audit, maintenance } = createTestRepository(join(folder, 'own.git'))
      await open()
      const error = new GitSyncError(code, 'x')
      expect(await repository.failed(error)).toBe(error)
      await open()
      expect(repository.generation).toBe(1)
      for (const spy of [maintenance.stop, audit.stop]) expect(spy).not.toHaveBeenCalled()
    })()
  })

  it.each([
    ['unavailable', new GitSyncError('unavailable', 'x')],
    ['unknown-outcome', new GitSyncError('unknown-outcome', 'x')],
    ['not-found', new GitSyncError('not-found', 'x')],
    ['misconfigured', new GitSyncError('misconfigured', 'x')],
    ['a bug', new TypeError('x')],
  ])('reopens the repository after any other failure: %s', async (_, error) => {
    await withLocalFixture(async ({ folder }) => {
      const { repository, open, audit } = createTestRepository(join(folder, 'own.git'))
      await open()
      expect(await repository.failed(error)).toBe(error)
      expect(audit.stop).toHaveBeenCalledOnce()
      await open()
      expect(repository.generation).toBe(2)
    })()
  })

  it(
    'turns an error of the file system into one with a code',
    withLocalFixture(async ({ folder }) => {
      await writeFile(join(folder, 'file'), '')
      const { repository, open } = createTestRepository(join(folder, 'file', 'own.git'))
      const error = await open().catch((thrown) => thrown)
      expect(await repository.failed(error)).toMatchObject({ name: 'GitSyncError', code: 'misconfigured' })
    }),
  )
})
