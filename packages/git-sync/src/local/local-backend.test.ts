import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../testing/drafts.js'
import { describeBackendContract, type OpenBackendFixture } from '../testing/index.js'
import { itReadsBackWhatTwoWritersAppend } from '../testing/two-writers-property.js'
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
  itReadsBackWhatTwoWritersAppend(openWithoutRemote, 8)

  it(
    'leaves a linear history, with nothing for git fsck to say, in the remote and in its own copy',
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
    'reads what people committed with plain git: merges, links and pathspec-like names',
    withLocalFixture(async ({ folder, remote, open }) => {
      const clone = join(folder, 'clone')
      const git = (...args: string[]) => plainGit(clone, '-c', 'user.name=p', '-c', 'user.email=p@p', ...args)
      await plainGit(folder, 'init', '--quiet', '--initial-branch=main', clone)
      const commit = async (name: string, script: () => Promise<unknown>) => {
        await script()
        await git('add', '--all')
        await git('commit', '--quiet', '--allow-empty', '--message', name)
      }
      await commit('base', () => writeFile(join(clone, 'base'), 'base'))
      await git('checkout', '--quiet', '-b', 'side')
      await commit('side', () => writeFile(join(clone, 'side'), 'side'))
      await git('checkout', '--quiet', 'main')
      await commit('link', () => symlink('base', join(clone, 'link')))
      await git('merge', '--quiet', '--no-ff', '--message', 'merge', 'side')
      await commit('empty', async () => {})
      await git('push', '--quiet', remote, 'main')

      const commits = await readAll(open('copy.git'))
      const byMessage = new Map(commits.map(({ message, files }) => [message.trim(), files]))
      expect([...byMessage.keys()].sort()).toEqual(['base', 'empty', 'link', 'merge', 'side'])
      expect(byMessage.get('link')).toEqual([{ path: 'link', content: null, omitted: 'not-a-file' }])
      expect(byMessage.get('merge')).toEqual([])
      expect(byMessage.get('side')?.[0]).toMatchObject({ path: 'side', content: Buffer.from('side') })
    }),
  )

  // Covers V14.2.4
  it.skipIf(process.platform === 'win32')(
    'makes a folder that only its owner may enter, and leaves one that is there as it is',
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

  it(
    'restores what a remote has lost, and says so',
    withLocalFixture(async ({ remote, open }) => {
      const warnings: string[] = []
      const quiet = () => {}
      const logger = {
        debug: quiet,
        info: quiet,
        error: quiet,
        warn: (_: object, text: string) => warnings.push(text),
      }
      const backend = open('copy.git', { logger })
      const [one = '', two = ''] = await append(backend, {
        parent: null,
        commits: [draft('one'), draft('two')],
      })
      await plainGit(remote, 'update-ref', 'refs/heads/main', one)
      await append(backend, { parent: two, commits: [draft('three')] })
      expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      expect(warnings).toEqual(['the remote had lost commits; they were restored'])
    }),
  )

  it(
    'does not know a cursor that a rewritten remote no longer contains',
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
    'uses another branch when told to, and lets plain git find it',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('copy.git', { branch: 'logs/a' }), { parent: null, commits: [draft('one')] })
      expect(await readFile(join(folder, 'copy.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/logs/a\n')
    }),
  )

  it(
    'refuses a folder that holds something else',
    withLocalFixture(async ({ folder, open }) => {
      await mkdir(join(folder, 'documents'))
      await writeFile(join(folder, 'documents', 'letter.txt'), '')
      const backend = open('documents')
      await expect(backend.head()).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await readdir(join(folder, 'documents'))).toEqual(['letter.txt'])
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
