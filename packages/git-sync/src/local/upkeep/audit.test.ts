import { chmod, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { append } from '../../git-backend.js'
import { silentLogger } from '../../logger.js'
import { draft, file } from '../../testing/drafts.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'
import { createTestGit } from '../testing/test-git.js'
import { createAudit } from './audit.js'

const FAST_SCHEDULE = {
  startDelayMs: 1,
  minPauseMs: 20,
  maxPauseMs: 20,
  retryDelayMs: 20,
  maxObjects: 1_000,
}

/** An audit that checks a repository many times a second. */
function openAudit(directory: string, environment: Record<string, string> = {}, schedule = FAST_SCHEDULE) {
  const onDamage = vi.fn()
  const logger = { ...silentLogger, debug: vi.fn(), info: vi.fn(), warn: vi.fn() }
  const git = createTestGit(directory, { environment })
  const options = { git, directory, branch: 'main', logger, isRebuildable: true, schedule }
  const audit = createAudit({ ...options, onDamage })
  const end = async () => {
    audit.stop()
    await git.idle()
  }
  onTestFinished(end)
  return { audit, onDamage, logger, end }
}

const objectOf = async (directory: string, revision: string): Promise<string> => {
  const hash = (await plainGit(directory, 'rev-parse', revision)).trim()
  return join(directory, 'objects', hash.slice(0, 2), hash.slice(2))
}

const damages: [string, (directory: string) => Promise<unknown>][] = [
  ['a file is missing', async (directory) => rm(await objectOf(directory, 'main~2:a.txt'))],
  [
    'a file is empty',
    async (directory) => {
      const object = await objectOf(directory, 'main~2:a.txt')
      await chmod(object, 0o644)
      await truncate(object)
    },
  ],
  ['an old commit is missing', async (directory) => rm(await objectOf(directory, 'main~1'))],
  ['an old tree is missing', async (directory) => rm(await objectOf(directory, 'main~2^{tree}'))],
  [
    'a byte of a pack is different',
    async (directory) => {
      await plainGit(directory, 'repack', '-a', '-d', '-q')
      const folder = join(directory, 'objects/pack')
      const pack = join(folder, (await readdir(folder)).find((name) => name.endsWith('.pack')) ?? '')
      const bytes = await readFile(pack)
      bytes[40] = (bytes[40] ?? 0) ^ 1
      await chmod(pack, 0o644)
      await writeFile(pack, bytes)
    },
  ],
]

describe('createAudit', () => {
  it.each(damages)('finds damage that no operation reads: %s', async (_, damage) => {
    await withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      const commits = ['a', 'b', 'c'].map((name) => draft(name, file(`${name}.txt`, name)))
      await append(backend, { parent: null, commits })
      const directory = join(folder, 'own.git')
      const { audit, onDamage, logger } = openAudit(directory)
      audit.start()
      await vi.waitFor(() => expect(logger.debug).toHaveBeenCalled())
      expect(onDamage).not.toHaveBeenCalled()
      audit.report()

      await damage(directory)
      expect(await backend.head()).toHaveLength(40)
      await vi.waitFor(() => expect(onDamage).toHaveBeenCalled(), 5000)
      audit.stop()
      expect(audit.report).toThrow(expect.objectContaining({ code: 'corrupt' }))
      audit.report()
    })()
  })

  it(
    'investigate() finds damage at once, looks only once in a while without any, and not while it is stopped',
    withLocalFixture(async ({ folder, open }) => {
      const commits = [draft('one', file('a.txt', 'a')), draft('two')]
      await append(open('own.git', { remote: null }), { parent: null, commits })
      const directory = join(folder, 'own.git')
      const { environment, faults } = await createGitWrapper(folder, 'if [ "$1" = fsck ]; then fault; fi')
      const schedule = { ...FAST_SCHEDULE, startDelayMs: 60_000, retryDelayMs: 60_000 }
      const { audit, onDamage } = openAudit(directory, environment, schedule)
      await audit.investigate(NEVER_ABORTED)
      expect(await faults()).toBe(0)
      audit.start()
      await audit.investigate(NEVER_ABORTED)
      await audit.investigate(NEVER_ABORTED)
      expect(await faults()).toBe(1)

      await rm(await objectOf(directory, 'main~1:a.txt'))
      const { audit: other, onDamage: onOtherDamage } = openAudit(directory, environment, schedule)
      other.start()
      const corrupt = { code: 'corrupt', message: expect.stringContaining('missing blob') }
      for (const _ of [1, 2]) await expect(other.investigate(NEVER_ABORTED)).rejects.toMatchObject(corrupt)
      expect(onOtherDamage).toHaveBeenCalled()
      expect(onDamage).not.toHaveBeenCalled()
      other.stop()
      await other.investigate(NEVER_ABORTED)
      expect(await faults()).toBe(3)
    }),
  )

  it(
    'does not report what a killed check had printed as damage',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('own.git', { remote: null }), { parent: null, commits: [draft('one')] })
      const wrapper = await createGitWrapper(
        folder,
        'if [ "$1" = fsck ]; then fault; echo "missing blob"; echo "error: bad object" >&2; kill -9 $$; fi',
      )
      const { audit, onDamage, logger, end } = openAudit(join(folder, 'own.git'), wrapper.environment)
      audit.start()
      await vi.waitFor(() => expect(logger.warn).toHaveBeenCalled())
      await end()
      expect(onDamage).not.toHaveBeenCalled()
      audit.report()
      expect(await wrapper.faults()).toBeGreaterThan(0)
    }),
  )

  it(
    'does not report a machine without free resources as damage',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('own.git', { remote: null }), { parent: null, commits: [draft('one')] })
      const wrapper = await createGitWrapper(
        folder,
        'if [ "$1" = fsck ]; then fault; echo "error: unable to open: Too many open files" >&2; exit 1; fi',
      )
      const { audit, onDamage, logger, end } = openAudit(join(folder, 'own.git'), wrapper.environment)
      audit.start()
      await vi.waitFor(() => expect(logger.warn).toHaveBeenCalled())
      await end()
      expect(onDamage).not.toHaveBeenCalled()
      audit.report()
      expect(await wrapper.faults()).toBeGreaterThan(0)
    }),
  )

  it(
    'does not check a repository that needs too much memory, and logs it',
    withLocalFixture(async ({ folder, open }) => {
      const commits = Array.from({ length: 400 }, (_, number) => draft(`${number}`, file(`${number}`)))
      await append(open('own.git', { remote: null }), { parent: null, commits })
      const { audit, logger } = openAudit(join(folder, 'own.git'))
      audit.start()
      const tooLarge = [{ objects: 1_200 }, expect.stringContaining('too large')]
      await vi.waitFor(() => expect(logger.info).toHaveBeenCalledWith(...tooLarge))
      expect(logger.debug).not.toHaveBeenCalled()
    }),
  )

  it(
    'removes an index, which a bare repository does not need',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('own.git', { remote: null }), { parent: null, commits: [draft('one')] })
      const directory = join(folder, 'own.git')
      await writeFile(join(directory, 'index'), 'garbage')
      await expect(plainGit(directory, 'fsck')).rejects.toThrow()
      const { audit, logger } = openAudit(directory)
      audit.start()
      await vi.waitFor(() => expect(logger.debug).toHaveBeenCalled())
      expect(await plainGit(directory, 'fsck')).toBe('')
    }),
  )
})
