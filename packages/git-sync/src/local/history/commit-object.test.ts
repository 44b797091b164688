import { describe, expect, it } from 'vitest'
import { NEVER_ABORTED } from '../git/git-command.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { createTestGit } from '../testing/test-git.js'
import { parseCommit } from './commit-object.js'

const HEADER = `tree ${'a'.repeat(40)}
parent ${'b'.repeat(40)}
author Ada Lovelace <ada@example.invalid> 1736381201 +0100
committer  <> 1736381220 -0530`

const EMPTY = {
  author: { name: '', email: '' },
  authorDate: new Date(0),
  committer: { name: '', email: '' },
  committerDate: new Date(0),
  message: '',
}

const parse = (content: string) => parseCommit(Buffer.from(content))

describe('parseCommit', () => {
  it('reads the author, the committer, their dates in UTC, and the whole message', () => {
    expect(parse(`${HEADER}\n\nsubject\n\nauthor Not An Author <x> 1 +0000\n`)).toEqual({
      author: { name: 'Ada Lovelace', email: 'ada@example.invalid' },
      authorDate: new Date('2025-01-09T00:06:41Z'),
      committer: { name: '', email: '' },
      committerDate: new Date('2025-01-09T00:07:00Z'),
      message: 'subject\n\nauthor Not An Author <x> 1 +0000\n',
    })
  })

  it('ignores other headers, also of several lines', () => {
    const signature =
      'gpgsig -----BEGIN PGP SIGNATURE-----\n author Mallory <m@example.invalid> 1 +0000\n -----END'
    const { author, message } = parse(`${HEADER}\n${signature}\nencoding x\n\nsubject\n`)
    expect(author.name).toBe('Ada Lovelace')
    expect(message).toBe('subject\n')
  })

  it.each([
    ['an empty message', `${HEADER}\n\n`, { author: { name: 'Ada Lovelace', email: 'ada@example.invalid' } }],
    ['no author', `tree ${'a'.repeat(40)}\n\nsubject\n`, { ...EMPTY, message: 'subject\n' }],
    ['a date that is not a number', 'author a <b> yesterday +0000\n\nx', { ...EMPTY, message: 'x' }],
    ['no end of the headers', HEADER, EMPTY],
    ['nothing', '', EMPTY],
  ])('leaves what is missing empty: %s', (_, content, expected) => {
    expect(parse(content)).toMatchObject(expected)
  })

  it('returns an empty commit if it was too large to read', () => {
    expect(parseCommit(null)).toEqual(EMPTY)
  })

  it(
    'reads a commit as git writes it',
    withLocalFixture(async ({ remote }) => {
      const git = createTestGit(remote)
      const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
      const content = `tree ${tree}\nauthor Größe <g@example.invalid> 1 +0200\ncommitter Größe <g@example.invalid> 1 +0200\n\nsubject\n`
      const write = { args: ['hash-object', '-t', 'commit', '-w', '--stdin'], input: content }
      await git.run({ args: ['hash-object', '-t', 'tree', '-w', '--stdin'], parse: () => {} }, NEVER_ABORTED)
      const hash = await git.run({ ...write, parse: ({ stdout }) => stdout.trim() }, NEVER_ABORTED)
      const show = { args: ['cat-file', 'commit', hash], parse: ({ stdout }: { stdout: string }) => stdout }
      expect(parse(await git.run(show, NEVER_ABORTED))).toMatchObject({
        author: { name: 'Größe', email: 'g@example.invalid' },
        authorDate: new Date(1000),
        message: 'subject\n',
      })
    }),
  )
})
