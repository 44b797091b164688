import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file } from '../../testing/drafts.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { createTestGit } from '../testing/test-git.js'
import {
  countObjects,
  hasCommit,
  isAncestor,
  localHead,
  mirrorBranch,
  moveBranch,
  remoteHead,
  version,
} from './commands.js'
import type { Git } from './git.js'
import { type GitCommand, NEVER_ABORTED } from './git-command.js'

const UNKNOWN = '1'.repeat(40)

interface CommandFixture {
  readonly directory: string
  /** Two commits of the branch `main`, the second on the first. */
  readonly one: string
  readonly two: string
  readonly git: Git
  run<Result>(command: GitCommand<Result>): Promise<Result>
}

/** The body of a test in a repository with two commits. */
const withCommits = (body: (fixture: CommandFixture) => Promise<void>) =>
  withLocalFixture(async ({ folder, open }) => {
    const directory = join(folder, 'own.git')
    const [one = '', two = ''] = await append(open('own.git', { remote: null }), {
      parent: null,
      commits: [draft('one', file('a')), draft('two', file('b'))],
    })
    const git = createTestGit(directory)
    await body({ directory, one, two, git, run: (command) => git.run(command, NEVER_ABORTED) })
  })

describe('version', () => {
  const parse = (stdout: string) => version.parse({ exitCode: 0, stdout, stderr: '' })

  it('reads the version, also with a suffix', () => {
    expect(parse('git version 2.39.5\n')).toEqual({ major: 2, minor: 39 })
    expect(parse('git version 2.45.1.windows.1\n')).toEqual({ major: 2, minor: 45 })
    expect(parse('git version 3.0 (Apple Git-1)\n')).toEqual({ major: 3, minor: 0 })
  })

  it('throws misconfigured for another program', () => {
    expect(() => parse('got 0.86\n')).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  })
})

describe('localHead', () => {
  it(
    'is the tip of exactly that branch, or null',
    withCommits(async ({ run, two }) => {
      await run(moveBranch('main-too', null, two))
      expect(await run(localHead('main'))).toBe(two)
      expect(await run(localHead('mai'))).toBeNull()
    }),
  )

  it(
    'throws corrupt for a branch that is damaged',
    withCommits(async ({ run, directory }) => {
      await writeFile(join(directory, 'refs/heads/main'), 'garbage')
      await expect(run(localHead('main'))).rejects.toMatchObject({ code: 'corrupt' })
    }),
  )
})

describe('remoteHead', () => {
  it('is the tip of exactly that branch, or null', () => {
    const { parse } = remoteHead('/srv/a.git', 'main', 1000)
    const output = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' })
    expect(parse(output(`${UNKNOWN}\trefs/heads/main\n`))).toBe(UNKNOWN)
    expect(parse(output(`${UNKNOWN}\trefs/heads/x/refs/heads/main\n`))).toBeNull()
    expect(parse(output(''))).toBeNull()
  })
})

describe('hasCommit', () => {
  it(
    'is true for a commit only',
    withCommits(async ({ run, one }) => {
      expect(await run(hasCommit(one))).toBe(true)
      expect(await run(hasCommit(UNKNOWN))).toBe(false)
      expect(await run(hasCommit(`${one}^{tree}`))).toBe(false)
    }),
  )

  it(
    'throws corrupt for an object that is empty',
    withCommits(async ({ run, directory }) => {
      const folder = join(directory, 'objects', UNKNOWN.slice(0, 2))
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, UNKNOWN.slice(2)), '')
      await expect(run(hasCommit(UNKNOWN))).rejects.toMatchObject({ code: 'corrupt' })
    }),
  )

  it.each<[string, '.pack' | '.idx', (content: Buffer) => Buffer]>([
    ['a truncated pack', '.pack', (content) => content.subarray(0, content.length / 2)],
    ['another pack', '.pack', (content) => Buffer.from(content).fill(0, content.length - 20)],
    ['zeros as a pack', '.pack', (content) => Buffer.alloc(content.length)],
    ['a pack of another version', '.pack', (content) => withByte(content, 7, 9)],
    ['a pack of another size', '.pack', (content) => withByte(content, 11, 99)],
    ['an index without content', '.idx', () => Buffer.alloc(4)],
    ['an index of another version', '.idx', (content) => withByte(content, 7, 9)],
    ['a truncated index', '.idx', (content) => content.subarray(0, -30)],
    ['an index that is not sorted', '.idx', (content) => withByte(content, 8, 255)],
  ])('throws corrupt for %s', (_, extension, damage) =>
    withCommits(async ({ run, directory, one }) => {
      await promisify(execFile)('git', ['-C', directory, 'repack', '-adq'])
      const folder = join(directory, 'objects/pack')
      const name = (await readdir(folder)).find((file) => file.endsWith(extension)) ?? ''
      await chmod(join(folder, name), 0o600)
      await writeFile(join(folder, name), damage(await readFile(join(folder, name))))
      await expect(run(hasCommit(one))).rejects.toMatchObject({ code: 'corrupt' })
    })(),
  )
})

function withByte(content: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(content)
  copy[offset] = value
  return copy
}

describe('hasCommit and localHead', () => {
  it('throw if git could not look', () => {
    const stderr = 'fatal: unable to open objects: Too many open files'
    expect(() => hasCommit(UNKNOWN).parse({ exitCode: 128, stdout: '', stderr })).toThrow(/open files/)
    expect(() => localHead('main').parse({ exitCode: 0, stdout: '', stderr })).toThrow(/open files/)
  })
})

describe('isAncestor', () => {
  it(
    'is true for a commit itself and the commits below it',
    withCommits(async ({ run, one, two }) => {
      expect(await run(isAncestor(one, two))).toBe(true)
      expect(await run(isAncestor(two, two))).toBe(true)
      expect(await run(isAncestor(two, one))).toBe(false)
    }),
  )
})

describe('moveBranch and mirrorBranch', () => {
  it(
    'moveBranch moves a branch only from the expected commit',
    withCommits(async ({ run, one, two }) => {
      await expect(run(moveBranch('main', one, UNKNOWN))).rejects.toThrow(/^git update-ref/)
      await expect(run(moveBranch('main', null, one))).rejects.toThrow(/^git update-ref/)
      await expect(run(moveBranch('main', one, two))).rejects.toThrow(/^git update-ref/)
      expect(await run(localHead('main'))).toBe(two)
      await run(moveBranch('main', two, one))
      await run(moveBranch('other', null, one))
      expect(await run(localHead('main'))).toBe(one)
      expect(await run(localHead('other'))).toBe(one)
    }),
  )

  it(
    'mirrorBranch moves a branch from any commit',
    withCommits(async ({ run, one }) => {
      await run(mirrorBranch('main', one))
      await run(mirrorBranch('new', one))
      expect(await run(localHead('main'))).toBe(one)
      expect(await run(localHead('new'))).toBe(one)
    }),
  )

  it('throw if git does not confirm the transaction', () => {
    const output = { exitCode: 0, stdout: 'start: ok\nprepare: ok\n', stderr: '' }
    expect(() => moveBranch('main', null, UNKNOWN).parse(output)).toThrow(/^git update-ref/)
  })
})

describe('countObjects', () => {
  it(
    'counts packs, their objects, and loose objects',
    withCommits(async ({ run, git }) => {
      expect(await run(countObjects)).toEqual({ packs: 0, packed: 0, loose: 6 })
      await git.output({ args: ['repack', '-a', '-d', '-q'], parse: () => {} }, NEVER_ABORTED)
      expect(await run(countObjects)).toEqual({ packs: 1, packed: 6, loose: 0 })
    }),
  )
})
