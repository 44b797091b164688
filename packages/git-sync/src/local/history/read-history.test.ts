import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append, type ReadOptions, type RecordedCommit } from '../../git-backend.js'
import { draft, file, last, readAll } from '../../testing/drafts.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'
import { childrenOfThisProcess, processesWith } from '../testing/processes.js'
import { createTestGit } from '../testing/test-git.js'
import { logArgs } from './log-parser.js'
import { readHistory } from './read-history.js'

const IDLE_TIMEOUT_MS = 30_000

/** Reads a range of commits of a repository with a git of its own. */
async function collect(
  directory: string,
  range: Omit<Parameters<typeof readHistory>[1], 'idleTimeoutMs'>,
  { environment = {}, ...options }: ReadOptions & { environment?: Record<string, string> } = {},
): Promise<RecordedCommit[]> {
  const commits: RecordedCommit[] = []
  const git = createTestGit(directory, { environment })
  for await (const commit of readHistory(
    git,
    { ...range, idleTimeoutMs: IDLE_TIMEOUT_MS },
    { ...options, signal: NEVER_ABORTED },
  )) {
    commits.push(commit)
  }
  return commits
}

describe('readHistory', () => {
  it(
    'reads merges, links and empty commits that were made with plain git',
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
      expect(byMessage.get('merge')).toEqual([{ path: 'side', content: Buffer.from('side') }])
      expect(byMessage.get('side')).toEqual(byMessage.get('merge'))
      expect(commits.flatMap(({ message, isOnSideLine }) => (isOnSideLine ? [message.trim()] : []))).toEqual([
        'side',
      ])
    }),
  )

  it(
    'does not yield a commit without all its files when git is killed while it lists them',
    withLocalFixture(async ({ folder, open }) => {
      const files = ['a', 'b', 'c'].map((name) => file(name, name))
      const commits = [draft('whole', ...files), draft('cut', ...files.map(({ path }) => file(path, 'new')))]
      const head = last(await append(open('own.git', { remote: null }), { parent: null, commits }))
      const directory = join(folder, 'own.git')
      const listed = await plainGit(directory, ...logArgs(null, head))
      const cutAt = listed.lastIndexOf('\0a\0') + '\0a\0'.length
      const { environment, faults } = await createGitWrapper(
        folder,
        `if [ "$1" = log ]; then real "$@" | head -c ${cutAt}; fault; kill -9 $$; fi`,
      )
      const subjects: string[] = []
      const git = createTestGit(directory, { environment })
      const reading = (async () => {
        for await (const { message } of readHistory(
          git,
          { cursor: null, head, idleTimeoutMs: IDLE_TIMEOUT_MS },
          { signal: NEVER_ABORTED },
        )) {
          subjects.push(message.trim())
        }
      })()
      await expect(reading).rejects.toMatchObject({ code: 'unavailable', message: 'git log was killed' })
      expect(subjects).toEqual(['whole'])
      expect(await faults()).toBe(1)
    }),
  )

  it(
    'ends both git processes when the consumer stops reading',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { remote: null })
      const commits = Array.from({ length: 300 }, (_, index) => draft(`${index}`))
      await append(backend, { parent: null, commits })
      for await (const _ of backend.changesSince(null)) {
        expect(childrenOfThisProcess()).toEqual(expect.arrayContaining([expect.stringContaining('cat-file')]))
        break
      }
      expect(childrenOfThisProcess()).toEqual([])
      expect(processesWith(folder)).toEqual([])
    }),
  )

  it(
    'yields the commits after the cursor up to the head, and ignores files outside of `within`',
    withLocalFixture(async ({ folder, open }) => {
      const commits = ['one', 'two', 'three'].map((name) =>
        draft(name, file(`in/${name}`), file(`out/${name}`)),
      )
      const [one = '', two = ''] = await append(open('own.git', { remote: null }), { parent: null, commits })
      const read = await collect(join(folder, 'own.git'), { cursor: one, head: two }, { within: ['in'] })
      expect(read.map(({ hash, message }) => [hash, message])).toEqual([[two, 'two\n']])
      expect(read[0]?.files).toEqual([{ path: 'in/two', content: Buffer.from('in/two') }])
    }),
  )

  it(
    'omits the content of files over the limit, and goes on behind them',
    withLocalFixture(async ({ folder, open }) => {
      const files = [file('a', 'x'.repeat(11)), file('b', 'y'.repeat(10)), file('c', '')]
      const hashes = await append(open('own.git', { remote: null }), {
        parent: null,
        commits: [draft('one', ...files)],
      })
      const range = { cursor: null, head: last(hashes) }
      const [commit] = await collect(join(folder, 'own.git'), range, { maxFileBytes: 10 })
      expect(commit?.files).toEqual([
        { path: 'a', content: null, omitted: 'too-large' },
        { path: 'b', content: Buffer.from('y'.repeat(10)) },
        { path: 'c', content: Buffer.alloc(0) },
      ])
    }),
  )

  it(
    'rejects with the reason of git when the head is unknown',
    withLocalFixture(async ({ remote }) => {
      await expect(collect(remote, { cursor: null, head: '1'.repeat(40) })).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining('bad object'),
      })
      expect(childrenOfThisProcess()).toEqual([])
    }),
  )

  it(
    'rejects with corrupt when a file of a commit is missing',
    withLocalFixture(async ({ folder, open }) => {
      const directory = join(folder, 'own.git')
      const hashes = await append(open('own.git', { remote: null }), {
        parent: null,
        commits: [draft('one')],
      })
      const blob = (await plainGit(directory, 'rev-parse', 'main:one.txt')).trim()
      await rm(join(directory, 'objects', blob.slice(0, 2), blob.slice(2)))
      await expect(collect(directory, { cursor: null, head: last(hashes) })).rejects.toMatchObject({
        code: 'corrupt',
        message: `cannot read an object: ${blob} missing`,
      })
      expect(childrenOfThisProcess()).toEqual([])
    }),
  )

  it(
    'rejects with unavailable when git is killed while it reads',
    withLocalFixture(async ({ folder, open }) => {
      const commits = [draft('one'), draft('two')]
      const hashes = await append(open('own.git', { remote: null }), { parent: null, commits })
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = cat-file ]; then fault; kill -9 $$; fi')
      const range = { cursor: null, head: last(hashes) }
      await expect(collect(join(folder, 'own.git'), range, wrapper)).rejects.toMatchObject({
        code: 'unavailable',
      })
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'rejects with aborted when its signal aborts between two commits',
    withLocalFixture(async ({ folder, open }) => {
      const commits = Array.from({ length: 20 }, (_, index) => draft(`${index}`))
      const hashes = await append(open('own.git', { remote: null }), { parent: null, commits })
      const controller = new AbortController()
      const { signal } = controller
      const reading = async () => {
        const git = createTestGit(join(folder, 'own.git'))
        for await (const _ of readHistory(
          git,
          { cursor: null, head: last(hashes), idleTimeoutMs: IDLE_TIMEOUT_MS },
          { signal },
        )) {
          controller.abort()
        }
      }
      await expect(reading()).rejects.toMatchObject({ code: 'aborted' })
      expect(childrenOfThisProcess()).toEqual([])
    }),
  )
})
